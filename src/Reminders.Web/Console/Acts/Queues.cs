using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Storage;

namespace Reminders.Web.Console.Acts;

/// <summary>What a pause, or its end, means for what waits.</summary>
internal sealed class Queues(CommandTransaction transaction, KindCatalog kinds, OutboxOptions options)
{
    // Nobody knows when it ends: what a day would do is told.
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <param name="until">Null: for as long as nobody resumes it.</param>
    public async Task<Forecast> PausedAsync(Queue queue, DateTimeOffset? until, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await ReadAsync(queue, until ?? now + Day, cancellationToken)) with
        {
            Until = until,
        };

    /// <summary>What waits now, and at the channel's limit, when the last of it leaves.</summary>
    public async Task<Forecast> ResumedAsync(Queue queue, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waits = await ReadAsync(queue, now, cancellationToken);
        return waits with { Last = now + Takes(waits.Count - waits.Late, queue.Channels) };
    }

    /// <summary>How long so many take to leave, at the limit of the slowest of the channels; null where none has one.</summary>
    public TimeSpan? Takes(long messages, IEnumerable<string> channels)
    {
        var slowest = channels.Select(channel => options.LimitsOf(channel).PerSecond).Where(limit => limit > 0).DefaultIfEmpty(0).Min();
        return slowest > 0 ? TimeSpan.FromSeconds(messages / slowest) : null;
    }

    public Queue OfChannel(string name) =>
        new(
            [.. kinds.Kinds.Values.Where(kind => kind.Channels.FirstOrDefault() == name).Select(kind => kind.Name)],
            [name],
            [.. kinds.Kinds.Keys]
        );

    public Queue OfKind(KindDefinition kind) => new([kind.Name], [.. kind.Channels], [kind.Name]);

    private async Task<Forecast> ReadAsync(Queue queue, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var read = transaction
            .Command(WebStatement.Named("Console/Acts/Sql/forecast.sql"))
            .With(queue.First, queue.Channels, queue.Kinds, until.UtcDateTime);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1), Until: null, Last: null);
    }
}

/// <param name="First">Kinds whose messages go into it as they fall due.</param>
/// <param name="Kinds">Kinds whose messages may wait in it.</param>
internal sealed record Queue(string[] First, string[] Channels, string[] Kinds);

/// <summary>What waits, and what becomes of it.</summary>
/// <param name="Count">How many fall due until then, or wait now.</param>
/// <param name="Late">How many of them are past their use by then.</param>
/// <param name="Until">Until when; null where nobody knows.</param>
/// <param name="Last">When the last of them leaves; null where nothing leaves, or nobody knows.</param>
internal sealed record Forecast(long Count, long Late, DateTimeOffset? Until, DateTimeOffset? Last);
