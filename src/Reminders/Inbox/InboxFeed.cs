using Microsoft.Extensions.Hosting;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Inbox;

/// <summary>
/// Feeds the live connections of this node. Catching up and pushing are one thing: whoever has news, by NOTIFY, by having
/// just connected, or by the poll, is read for everything after their cursor, all of them in one statement.
/// </summary>
internal sealed class InboxFeed(
    Database dataSource,
    InboxText text,
    Signals signals,
    InboxOptions options,
    LoopWatch loops,
    Outages outages,
    TimeProvider time
) : BackgroundService
{
    private const string What = "Feeding live connections";

    /// <summary>What one pass reads for one cursor at most; a longer way is gone in several.</summary>
    private const int Batch = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, List<InboxSubscription>> _subscriptions = [];

    /// <param name="cursor">The last item the reader has; null for only what is new from now.</param>
    /// <returns>Null when there is no such cursor: it is not this person's, or of another database.</returns>
    public async Task<InboxSubscription?> SubscribeAsync(long recipient, long? cursor, CancellationToken cancellationToken)
    {
        var newest = await NewestAsync(recipient, cancellationToken);
        if (cursor > newest)
        {
            return null;
        }

        var subscription = new InboxSubscription(recipient, cursor ?? newest, options.Buffer, signals.Inbox);
        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(recipient, out var others))
            {
                _subscriptions[recipient] = others = [];
            }

            others.Add(subscription);
        }
        signals.Inbox.WrittenFor(recipient);
        return subscription;
    }

    /// <summary>The number of the newest item; 0 when there is none.</summary>
    private async Task<long> NewestAsync(long recipient, CancellationToken cancellationToken)
    {
        await using var newest = dataSource.CreateCommand("SELECT last_seq FROM reminders.inbox WHERE recipient_id = $1").With(recipient);
        return await newest.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }

    public void Unsubscribe(InboxSubscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.TryGetValue(subscription.Recipient, out var all) && all.Remove(subscription) && all.Count == 0)
            {
                _subscriptions.Remove(subscription.Recipient);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var polled = time.GetTimestamp();
        var pulse = loops.Add("inbox feed", options.PollInterval + TimeSpan.FromSeconds(30));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var whose = await signals.Inbox.WaitAsync(options.PollInterval, time, stoppingToken);
                // On a busy node somebody always has news; the others must not depend on having been named.
                if (whose is null || time.GetElapsedTime(polled) >= options.PollInterval)
                {
                    (whose, polled) = (null, time.GetTimestamp());
                }

                await PassAsync(whose, stoppingToken);
                pulse.Beat();
                outages.Works(What);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(What, exception);
                signals.Inbox.WrittenForAnyone();
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task PassAsync(IReadOnlySet<long>? whose, CancellationToken cancellationToken)
    {
        // Those who are up to date share a cursor, and so a read.
        var readers = Ready(whose).GroupBy(one => (one.Recipient, one.Cursor)).Select(group => group.ToArray()).ToArray();
        if (readers.Length == 0)
        {
            return;
        }

        await using var read = dataSource
            .CreateCommand(After)
            .With(readers.Select(same => same[0].Recipient).ToArray(), readers.Select(same => same[0].Cursor).ToArray());
        await using (var reader = await read.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var item = InboxItem.Read(reader, 2, text);
                foreach (var one in readers[reader.GetInt64(0) - 1])
                {
                    one.Offer(item);
                }

                if (reader.GetInt64(1) == Batch) // there may be more
                {
                    signals.Inbox.WrittenFor(readers[reader.GetInt64(0) - 1][0].Recipient);
                }
            }
        }
        // A reader that made room before it was known to be behind did not ask.
        foreach (var one in readers.SelectMany(same => same).Where(one => one.WantsMore))
        {
            signals.Inbox.WrittenFor(one.Recipient);
        }
    }

    private InboxSubscription[] Ready(IReadOnlySet<long>? whose)
    {
        lock (_gate)
        {
            var named = whose is null
                ? _subscriptions.Values.SelectMany(all => all)
                : whose.SelectMany(recipient => _subscriptions.GetValueOrDefault(recipient) ?? []);
            return [.. named.Where(one => one.Begin())];
        }
    }

    // Items become visible in the order of their numbers (the row of reminders.inbox is locked from numbering to commit), so
    // nothing can appear behind a cursor.
    internal static readonly string After = $"""
        SELECT w.place, row_number() OVER (PARTITION BY w.place ORDER BY i.seq), {InboxItem.Columns}
        FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS w (recipient_id, cursor, place)
        CROSS JOIN LATERAL (
            SELECT * FROM reminders.inbox_item x WHERE x.recipient_id = w.recipient_id AND x.seq > w.cursor ORDER BY x.seq LIMIT {Batch}) i
        JOIN reminders.recipient r ON r.id = w.recipient_id
        ORDER BY w.place, i.seq
        """;
}
