using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Inbound;
using Reminders.Nodes;
using Reminders.Words;

namespace Reminders.Telegram;

/// <summary>
/// Keeps the webhook at Telegram ours, from one node at a time. The whole registration is made when a node takes this over,
/// because Telegram shows the address of the present one and not its secret: another program's secret under our address
/// looks right, and every press is refused here with 401. After that Telegram is asked how it fares, and what is not as we
/// registered it, or is answered 401, is registered again.
/// </summary>
internal sealed partial class WebhookKeeper(
    TelegramBot bot,
    LeaderLease lease,
    BotProfile profile,
    SourceWatch sources,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<WebhookKeeper> logger
) : BackgroundService
{
    // Telegram's own default.
    private const int Connections = 40;

    // How many looks in a row a backlog has to grow for until it is one, and not a busy minute.
    private const int Growing = 3;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    // Telegram shows its last error for ever; from here on it is a thing of the past, if nothing waits.
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(2);

    private bool _registered;
    private long _askedAt;
    private long _knownError;
    private long? _errorAt;
    private int _pending;
    private int _grew;

    private string Lease => $"{bot.Channel}-webhook";
    private string What => bot.Says("Keeping Telegram's webhook");
    private string Registering => bot.Says("Registering Telegram's webhook");

    private TimeSpan Held => Turn * 3 + bot.Options.SendTimeout * 2;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (bot.Options.Mode != TelegramMode.Webhook)
        {
            return;
        }

        var pulse = loops.Add($"{bot.Channel} webhook", Held + TimeSpan.FromSeconds(30));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var wait = Turn;
                if (!await lease.TakeAsync(Lease, Held, stoppingToken))
                {
                    _registered = false;
                }
                else if (!_registered)
                {
                    wait = await RegisterAsync(stoppingToken);
                }
                else if (time.GetElapsedTime(_askedAt) >= bot.Options.WebhookCheckInterval)
                {
                    await CheckAsync(stoppingToken);
                }

                outages.Works(What);
                pulse.Beat();
                await Task.Delay(wait, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(What, exception);
                await Task.Delay(Turn, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_registered)
        {
            await lease.ReleaseAsync(Lease, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How long until the next try, or look.</returns>
    private async Task<TimeSpan> RegisterAsync(CancellationToken cancellationToken)
    {
        if (await bot.Client.GetMeAsync(cancellationToken) is TelegramResult<BotUser>.Ok { Value.Username: { } username })
        {
            profile.Learn(username, bot.Channel);
        }

        var result = await bot.Client.SetWebhookAsync(
            bot.Options.WebhookUrl!.ToString(),
            bot.Options.WebhookSecret,
            Connections,
            cancellationToken
        );
        _askedAt = time.GetTimestamp();
        if (result is not TelegramResult<bool>.Ok)
        {
            sources.Trouble(bot.Channel, Reasons.Of("hook_unregistered", Word(result)));
            outages.Failed(Registering, Word(result));
            // More than one a second is a 429, and nobody gains by asking fast.
            return result is TelegramResult<bool>.Error { RetryAfter: { } after } && after > Turn ? Min(after, SourceWatch.Lingers) : Turn;
        }
        _registered = true;
        outages.Works(Registering);
        // What went wrong before is no news of this registration's.
        var info = await bot.Client.GetWebhookInfoAsync(cancellationToken);
        (_knownError, _errorAt, _pending, _grew) = ((info as TelegramResult<WebhookInfo>.Ok)?.Value.LastErrorDate ?? 0, null, 0, 0);
        sources.Well(bot.Channel, (info as TelegramResult<WebhookInfo>.Ok)?.Value.PendingUpdateCount ?? 0);
        LogRegistered();
        return Turn;
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var result = await bot.Client.GetWebhookInfoAsync(cancellationToken);
        _askedAt = time.GetTimestamp();
        if (result is not TelegramResult<WebhookInfo>.Ok { Value: var info })
        {
            sources.Trouble(bot.Channel, Reasons.Of("hook_unsaid", Word(result)));
            return;
        }
        if (Foreign(info) is { } foreign)
        {
            LogForeign(Wording.English.Reason(foreign)!);
            await RegisterAsync(cancellationToken);
            if (_registered)
            {
                sources.Trouble(bot.Channel, Reasons.Of("hook_put_back", foreign), info.PendingUpdateCount, lasting: true);
            }

            return;
        }
        _grew = info.PendingUpdateCount > _pending ? _grew + 1 : 0;
        _pending = info.PendingUpdateCount;
        if (info.LastErrorDate is { } date && date > _knownError)
        {
            (_knownError, _errorAt) = (date, time.GetTimestamp());
        }
        else if (_errorAt is { } then && _pending == 0 && time.GetElapsedTime(then) >= Recent)
        {
            _errorAt = null;
        }

        await JudgeAsync(info, cancellationToken);
    }

    private async Task JudgeAsync(WebhookInfo info, CancellationToken cancellationToken)
    {
        if (_errorAt is null)
        {
            if (_grew >= Growing)
            {
                sources.Trouble(bot.Channel, Reasons.Of("updates_pile_up", _pending), _pending);
            }
            else
            {
                sources.Well(bot.Channel, _pending);
            }

            return;
        }
        var said = OutsideText.Clean(info.LastErrorMessage);
        var problem = Reasons.Of("hook_undelivered", _pending, said);
        LogUndelivered(Wording.English.Reason(problem)!);
        // The address is ours and the answer is no: somebody registered it with a secret of their own.
        if (info.LastErrorMessage?.Contains(" 401", StringComparison.Ordinal) != true)
        {
            sources.Trouble(bot.Channel, problem, _pending);
            return;
        }
        await RegisterAsync(cancellationToken);
        if (_registered)
        {
            sources.Trouble(bot.Channel, Reasons.Of("hook_other_secret", _pending, said), _pending, lasting: true);
        }
    }

    /// <summary>What Telegram shows of the registration that is not ours; null for nothing.</summary>
    private string? Foreign(WebhookInfo info)
    {
        if (info.Url != bot.Options.WebhookUrl!.ToString())
        {
            if (info.Url.Length == 0)
            {
                return Reasons.Of("hook_deleted");
            }
            var host = Uri.TryCreate(info.Url, UriKind.Absolute, out var url) ? url.Host : "another address";
            return Reasons.Of("hook_set_to", OutsideText.Clean(host, OutsideText.Id));
        }
        if (info.AllowedUpdates is not { } allowed || !allowed.ToHashSet().SetEquals(TelegramUpdate.Kinds))
        {
            return Reasons.Of("hook_other_kinds");
        }

        return info.MaxConnections is { } connections && connections != Connections ? Reasons.Of("hook_connections", connections) : null;
    }

    private static string Word<T>(TelegramResult<T> result) =>
        OutsideText.Clean(
            result switch
            {
                TelegramResult<T>.Error error => $"{error.Code} {error.Description}",
                TelegramResult<T>.NotSent notSent => notSent.Detail,
                TelegramResult<T>.Unknown unknown => unknown.Detail,
                _ => "",
            }
        );

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(4009, LogLevel.Information, "This node registered Telegram's webhook and looks after it")]
    private partial void LogRegistered();

    [LoggerMessage(4011, LogLevel.Warning, "{Foreign}: ours is registered again. Does another program use this bot's token?")]
    private partial void LogForeign(string foreign);

    [LoggerMessage(4012, LogLevel.Warning, "{Problem}")]
    private partial void LogUndelivered(string problem);
}
