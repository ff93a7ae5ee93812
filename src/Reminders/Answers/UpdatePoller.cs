using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Channels.Telegram;
using Reminders.Storage;

namespace Reminders.Answers;

/// <summary>
/// Long polling by exactly one node of the cluster at a time. A batch is confirmed to Telegram, by the next call's offset,
/// only after it is stored; a node that takes over starts without an offset and is given again what was not confirmed,
/// which the store then already knows.
/// </summary>
internal sealed partial class UpdatePoller(
    ITelegramClient telegram, TelegramOptions options, UpdateStore store, LeaderLease lease, BotProfile bot, SourceWatch sources, LoopWatch loops,
    TimeProvider time, ILogger<UpdatePoller> logger) : BackgroundService
{
    private const string Lease = "telegram-poller";

    // A dead poller is replaced within this; it must outlive a renewal that is a little late.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);

    // A press leaves Telegram's queue after 150 s: it is worth a call a minute, whatever wait was asked for.
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);
    private LoopWatch.Pulse? pulse;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Mode == TelegramMode.Webhook)
            return;
        pulse = loops.Add("poll telegram", options.PollTimeout + 2 * options.SendTimeout + TimeSpan.FromSeconds(30));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await telegram.GetMeAsync(stoppingToken) is TelegramResult<BotUser>.Ok { Value.Username: { } username })
                    bot.Learn(username);
                if (await lease.TakeAsync(Lease, Length, stoppingToken))
                    await LeadAsync(stoppingToken);
                pulse.Beat();
                await Task.Delay(Renewal, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                LogInterrupted(exception.Message);
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
            await telegram.DeleteWebhookAsync(new(), leading.Token);
            long? offset = null;
            while (!leading.IsCancellationRequested)
                offset = await PollOnceAsync(offset, leading.Token);
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested)
        {
        }
        finally
        {
            await leading.CancelAsync();
            await renewing;
        }
        if (stoppingToken.IsCancellationRequested)
            await lease.ReleaseAsync(Lease, CancellationToken.None);
    }

    private async Task<long?> PollOnceAsync(long? offset, CancellationToken cancellationToken)
    {
        var result = await telegram.GetUpdatesAsync(
            new(offset, (int)options.PollTimeout.TotalSeconds, Limit: 100, TelegramUpdate.Kinds), cancellationToken);
        switch (result)
        {
            case TelegramResult<UpdateBatch>.Ok { Value: var batch }:
                foreach (var refused in batch.Refused)
                    store.Refuse(UpdateStore.Telegram, refused.ToString());
                await store.StoreAsync(UpdateStore.Telegram, [.. batch.Updates.Select(update => update.ToInbound())], cancellationToken);
                sources.Well(UpdateStore.Telegram);
                pulse?.Beat();
                return batch.NextOffset ?? offset;
            case TelegramResult<UpdateBatch>.Error { Code: 409 } conflict:
                await SettleConflictAsync(conflict.Description, cancellationToken);
                pulse?.Beat();
                await Task.Delay(Renewal, time, cancellationToken);
                return offset;
            case TelegramResult<UpdateBatch>.Error error:
                sources.Trouble(UpdateStore.Telegram, $"Telegram gives no updates: {error.Code} {error.Description}");
                pulse?.Beat();
                LogPollFailed(error.Description);
                await Task.Delay(error.RetryAfter is { } asked ? asked < LongestRest ? asked : LongestRest : Renewal, time, cancellationToken);
                return offset;
            default:
                sources.Trouble(UpdateStore.Telegram, "Telegram cannot be asked for updates: it does not answer, or not as it should");
                pulse?.Beat();
                LogPollFailed(result.ToString());
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
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
                    break;
            }
        }
        catch (Exception) when (!leading.IsCancellationRequested)
        {
            // The database is away: another node may take over before we can renew.
        }
        catch (OperationCanceledException)
        {
        }
        await leading.CancelAsync();
    }

    /// <summary>
    /// While this installation polls, a webhook is somebody else's or left over, and no update comes while it stands: it goes,
    /// as it does when a node begins to poll. Another program that polls cannot be helped from here, only named.
    /// </summary>
    private async Task SettleConflictAsync(string description, CancellationToken cancellationToken)
    {
        if (await telegram.GetWebhookInfoAsync(cancellationToken) is not TelegramResult<WebhookInfo>.Ok { Value.Url: { Length: > 0 } url })
        {
            sources.Trouble(UpdateStore.Telegram, $"another program polls with this bot's token ({description})", lasting: true);
            LogPollFailed(description);
            return;
        }
        var host = OutsideText.Clean(Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host : "another address", OutsideText.Id);
        await telegram.DeleteWebhookAsync(new(), cancellationToken);
        sources.Trouble(UpdateStore.Telegram, $"somebody set a webhook to {host} while Telegram:Mode is Polling; it was deleted", lasting: true);
        LogWebhookDeleted(host);
    }

    [LoggerMessage(4013, LogLevel.Warning, "Somebody set Telegram's webhook to {Host} while Telegram:Mode is Polling: it is deleted, as nothing can be polled while it stands")]
    private partial void LogWebhookDeleted(string host);

    [LoggerMessage(4003, LogLevel.Information, "This node now asks Telegram for updates")]
    private partial void LogLeads();

    [LoggerMessage(4004, LogLevel.Warning, "Asking Telegram for updates was interrupted and goes on: {Reason}")]
    private partial void LogInterrupted(string reason);

    [LoggerMessage(4005, LogLevel.Warning, "Telegram did not give updates: {Reason}")]
    private partial void LogPollFailed(string reason);
}
