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
    ITelegramClient telegram, TelegramOptions options, UpdateStore store, LeaderLease lease, BotProfile bot, Outages outages,
    TimeProvider time, ILogger<UpdatePoller> logger) : BackgroundService
{
    private const string Webhook = "Setting the webhook at Telegram";
    private const string What = "Asking Telegram for updates";
    private const string Lease = "telegram-poller";

    // A dead poller is replaced within this; it must outlive a renewal that is a little late.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);

    // A Bot API that does not hold polls open was asked 581 times a second. What it has by then is given at once all the same.
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);

    // Presses wait in the chat meanwhile, so not for long; and never for as long as an answer may claim.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(15);
    private int failures;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await telegram.GetMeAsync(stoppingToken) is TelegramResult<BotUser>.Ok { Value.Username: { } username })
                    bot.Learn(username);
                if (options.Mode == TelegramMode.Webhook)
                    await EnsureWebhookAsync(stoppingToken);
                else if (await lease.TakeAsync(Lease, Length, stoppingToken))
                    await LeadAsync(stoppingToken);
                await Task.Delay(options.Mode == TelegramMode.Webhook ? TimeSpan.FromMinutes(1) : Renewal, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
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
        var asked = time.GetTimestamp();
        var result = await telegram.GetUpdatesAsync(
            new(offset, (int)options.PollTimeout.TotalSeconds, Limit: 100, TelegramUpdate.Kinds), cancellationToken);
        switch (result)
        {
            case TelegramResult<UpdateBatch>.Ok { Value: var batch }:
                foreach (var refused in batch.Refused)
                    store.Refuse(UpdateStore.Telegram, refused.ToString());
                await store.StoreAsync(UpdateStore.Telegram, [.. batch.Updates.Select(update => update.ToInbound())], cancellationToken);
                failures = 0;
                outages.Works(What);
                if (batch.NextOffset is { } next && !(next <= offset))
                    return next;
                // Nothing, or what we had: either way there is no hurry.
                if (ShortestPoll - time.GetElapsedTime(asked) is var early && early > TimeSpan.Zero)
                    await Task.Delay(early, time, cancellationToken);
                // Without an offset it gives what it has: after a week of silence its ids begin anew, and may begin below ours.
                return batch.NextOffset is null ? null : offset;
            case TelegramResult<UpdateBatch>.Error error:
                return await RestAsync(error.Description, error.RetryAfter);
            default:
                return await RestAsync(result.ToString(), asked: null);
        }

        async Task<long?> RestAsync(string reason, TimeSpan? asked)
        {
            cancellationToken.ThrowIfCancellationRequested(); // cut short by us, which is no failure of Telegram's
            outages.Failed(What, OutsideText.Clean(reason));
            var rest = asked ?? TimeSpan.FromSeconds(1) * Math.Pow(2, Math.Min(failures++, 4));
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

    // Any node may; saying the same again changes nothing at Telegram.
    private async Task EnsureWebhookAsync(CancellationToken cancellationToken)
    {
        var wanted = options.WebhookUrl!.ToString();
        if (await telegram.GetWebhookInfoAsync(cancellationToken) is TelegramResult<WebhookInfo>.Ok { Value.Url: var url } && url == wanted)
            return;
        var result = await telegram.SetWebhookAsync(new(wanted, options.WebhookSecret, TelegramUpdate.Kinds), cancellationToken);
        if (result is not TelegramResult<bool>.Ok)
            outages.Failed(Webhook, OutsideText.Clean(result.ToString()));
        else
            outages.Works(Webhook);
    }

    [LoggerMessage(4003, LogLevel.Information, "This node now asks Telegram for updates")]
    private partial void LogLeads();
}
