using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Inbound;
using Reminders.Nodes;
using Reminders.Words;

namespace Reminders.Telegram;

/// <summary>
/// Long polling by exactly one node of the cluster at a time. A batch is confirmed to Telegram, by the next call's offset,
/// only after it is stored; a node that takes over starts without an offset and is given again what was not confirmed,
/// which the store then already knows.
/// </summary>
internal sealed partial class UpdatePoller(
    TelegramBot bot,
    UpdateStore store,
    LeaderLease lease,
    BotProfile profile,
    SourceWatch sources,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<UpdatePoller> logger
) : BackgroundService
{
    // A dead poller is replaced within this; it must outlive a renewal that is a little late.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);

    // A Bot API that does not hold polls open was asked 581 times a second. What it has by then is given at once all the same.
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);

    // Presses wait in the chat meanwhile, so not for long; and never for as long as an answer may claim.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(15);

    // Fewer after a batch that could not be read: it may be too large, or one of them may be at fault, and the others get through.
    private const int Most = 100;
    private int _limit = Most;
    private int _failures;
    private LoopWatch.Pulse? _pulse;

    private string What => bot.Says("Asking Telegram for updates");

    // Each bot is polled by a node of its own.
    private string Lease => $"{bot.Channel}-poller";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (bot.Options.Mode == TelegramMode.Webhook)
        {
            return;
        }

        _pulse = loops.Add($"poll {bot.Channel}", bot.Options.PollTimeout + 2 * bot.Options.SendTimeout + TimeSpan.FromSeconds(30));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await bot.Client.GetMeAsync(stoppingToken) is TelegramResult<BotUser>.Ok { Value.Username: { } username })
                {
                    profile.Learn(username, bot.Channel);
                }

                if (await lease.TakeAsync(Lease, Length, stoppingToken))
                {
                    await LeadAsync(stoppingToken);
                }

                _pulse.Beat();
                await Task.Delay(Renewal, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(What, exception);
                await Task.Delay(Renewal, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Polls for as long as the lease is renewed; losing it ends the open call, so that two never poll side by side.</summary>
    private async Task LeadAsync(CancellationToken stoppingToken)
    {
        LogLeads();
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var renewing = RenewAsync(leading);
        try
        {
            await bot.Client.DeleteWebhookAsync(leading.Token);
            long? offset = null;
            while (!leading.IsCancellationRequested)
            {
                offset = await PollOnceAsync(offset, leading.Token);
            }
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested) { }
        finally
        {
            await leading.CancelAsync();
            await renewing;
        }
        if (stoppingToken.IsCancellationRequested)
        {
            await lease.ReleaseAsync(Lease, CancellationToken.None);
        }
    }

    private async Task<long?> PollOnceAsync(long? offset, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var result = await bot.Client.GetUpdatesAsync(
            new(offset, (int)bot.Options.PollTimeout.TotalSeconds, _limit, TelegramUpdate.Kinds),
            cancellationToken
        );
        switch (result)
        {
            case TelegramResult<UpdateBatch>.Ok { Value: var batch }:
                foreach (var refused in batch.Refused)
                {
                    store.Refuse(bot.Channel, refused.ToString());
                }

                await store.StoreAsync(bot.Channel, [.. batch.Updates.Select(update => update.ToInbound())], cancellationToken);
                sources.Well(bot.Channel);
                _pulse?.Beat();
                _failures = 0;
                _limit = Math.Min(Most, _limit * 2);
                outages.Works(What);
                if (batch.NextOffset is { } next && !(next <= offset))
                {
                    return next;
                }
                // Nothing, or what we had: either way there is no hurry.
                if (ShortestPoll - time.GetElapsedTime(asked) is var early && early > TimeSpan.Zero)
                {
                    await Task.Delay(early, time, cancellationToken);
                }
                // Without an offset it gives what it has: after a week of silence its ids begin anew, and may begin below ours.
                return batch.NextOffset is null ? null : offset;
            case TelegramResult<UpdateBatch>.Error { Code: 409 } conflict:
                await SettleConflictAsync(conflict.Description, cancellationToken);
                _pulse?.Beat();
                await Task.Delay(Renewal, time, cancellationToken);
                return offset;
            case TelegramResult<UpdateBatch>.Error error:
                sources.Trouble(bot.Channel, Reasons.Of("updates_refused", $"{error.Code} {error.Description}"));
                return await RestAsync(error.Description, error.RetryAfter);
            default:
                _limit = Math.Max(1, _limit / 4);
                sources.Trouble(bot.Channel, Reasons.Of("updates_unanswered"));
                return await RestAsync(result.ToString(), asked: null);
        }

        async Task<long?> RestAsync(string reason, TimeSpan? asked)
        {
            cancellationToken.ThrowIfCancellationRequested(); // cut short by us, which is no failure of Telegram's
            _pulse?.Beat();
            outages.Failed(What, OutsideText.Clean(reason));
            var rest = asked ?? TimeSpan.FromSeconds(1) * Math.Pow(2, Math.Min(_failures++, 4));
            await Task.Delay(rest < LongestRest ? rest : LongestRest, time, cancellationToken);
            return offset;
        }
    }

    private async Task RenewAsync(CancellationTokenSource leading)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, time, leading.Token);
                using var late = CancellationTokenSource.CreateLinkedTokenSource(leading.Token);
                late.CancelAfter(Renewal);
                if (!await lease.TakeAsync(Lease, Length, late.Token))
                {
                    break;
                }
            }
        }
        catch (Exception) when (!leading.IsCancellationRequested)
        {
            // The database is away: another node may take over before we can renew.
        }
        catch (OperationCanceledException) { }
        await leading.CancelAsync();
    }

    /// <summary>
    /// While this installation polls, a webhook is somebody else's or left over, and no update comes while it stands: it goes,
    /// as it does when a node begins to poll. Another program that polls cannot be helped from here, only named.
    /// </summary>
    private async Task SettleConflictAsync(string description, CancellationToken cancellationToken)
    {
        if (
            await bot.Client.GetWebhookInfoAsync(cancellationToken) is not TelegramResult<WebhookInfo>.Ok { Value.Url: { Length: > 0 } url }
        )
        {
            sources.Trouble(bot.Channel, Reasons.Of("polled_elsewhere", description), lasting: true);
            outages.Failed(What, OutsideText.Clean(description));
            return;
        }
        var host = OutsideText.Clean(
            Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host : "another address",
            OutsideText.Id
        );
        await bot.Client.DeleteWebhookAsync(cancellationToken);
        sources.Trouble(bot.Channel, Reasons.Of("hook_while_polling", bot.Setting("Mode"), host), lasting: true);
        LogWebhookDeleted(host, bot.Setting("Mode"));
    }

    [LoggerMessage(
        4013,
        LogLevel.Warning,
        "Somebody set Telegram's webhook to {Host} while {Setting} is Polling: it is deleted, as nothing can be polled while it stands"
    )]
    private partial void LogWebhookDeleted(string host, string setting);

    [LoggerMessage(4003, LogLevel.Information, "This node now asks Telegram for updates")]
    private partial void LogLeads();
}
