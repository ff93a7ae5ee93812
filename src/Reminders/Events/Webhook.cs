using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Nodes;

namespace Reminders.Events;

/// <summary>Asks for events while the settings do, and tells the receiver of them; a node that only plans just asks.</summary>
internal sealed partial class Webhook(
    WebhookQueue queue,
    WebhookCall call,
    WebhookRole role,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<Webhook> logger
) : BackgroundService
{
    private const string What = "Telling the webhook of events";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AskEvery = TimeSpan.FromHours(1);

    private DateTimeOffset _askAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pulse = loops.Add("tell the webhook", Longest + LongestRest);
        var refused = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var rest = Poll;
            try
            {
                var (taken, delivered) = await TurnAsync(stoppingToken);
                pulse.Beat();
                outages.Works(What);
                refused = delivered > 0 || taken == 0 ? 0 : refused + 1;
                if (delivered > 0)
                {
                    continue;
                }

                // Nothing of a whole turn was taken: the receiver is down, and a heap of events is no reason to call it more often.
                rest = refused == 0 ? Poll : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, refused) / 2, LongestRest.TotalSeconds));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(What, exception);
            }

            await Task.Delay(rest, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How many events were taken up, and how many of them the receiver took.</returns>
    internal async Task<(int Taken, long Delivered)> TurnAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() >= _askAt)
        {
            await queue.WantAsync(cancellationToken);
            _askAt = time.GetUtcNow() + AskEvery;
        }

        if (!role.Tells || await queue.TakeAsync(cancellationToken) is not { Count: > 0 } taken)
        {
            return (0, 0);
        }

        var outcomes = await Task.WhenAll(
            taken.Select(async one => (Event: one, Outcome: await call.PostAsync(one.Event, cancellationToken)))
        );
        if (outcomes.Any(one => one.Outcome.IsGone))
        {
            LogGone();
            await queue.GoneAsync(cancellationToken);
        }

        var (delivered, givenUp) = await queue.SettleAsync(outcomes, cancellationToken);
        if (outcomes.FirstOrDefault(one => one.Outcome.Trouble is not null) is { Event: { } failed } first)
        {
            LogFailed(failed.Event.Type, failed.Event.Id, failed.Attempts + 1, first.Outcome.Trouble!);
        }

        if (givenUp > 0)
        {
            LogGivenUp(givenUp);
        }

        return (taken.Count, delivered);
    }

    [LoggerMessage(8201, LogLevel.Warning, "The webhook did not take {Type} {Id} at try {Attempts}: {Trouble}")]
    private partial void LogFailed(string type, string id, int attempts, string trouble);

    [LoggerMessage(8202, LogLevel.Error, "{Count} events are left alone, since the webhook never took them: events retry")]
    private partial void LogGivenUp(long count);

    [LoggerMessage(8203, LogLevel.Error, "The webhook says 410 Gone: nothing more is told to it until events resume, or another URL")]
    private partial void LogGone();
}

/// <param name="Tells">Whether this node calls the receiver.</param>
internal sealed record WebhookRole(bool Tells);
