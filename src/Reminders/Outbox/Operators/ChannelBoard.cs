using Npgsql;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>How a channel stands.</summary>
/// <param name="State">
/// <c>open</c>, <c>stopped</c> (by hand), <c>broken</c> (401), <c>resting</c> (it does not answer), <c>answering</c> (it does again; one
/// message goes first), <c>waiting</c> (a 429 for all of it), <c>asked</c> (a 429; one message finds out whose it is).
/// </param>
/// <param name="Since">Since when, where it is not open.</param>
/// <param name="Until">When it is tried next, or the wait is over; null where nothing but a person ends it, or it is tried at once.</param>
/// <param name="Waiting">Messages that are due, or will be.</param>
/// <param name="PausedRecipients">Who waits by themselves because of a 429, the longest wait first; at most 100.</param>
internal sealed record ChannelStatus(
    string Name,
    string State,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    string? Reason,
    long Waiting,
    IReadOnlyList<PausedRecipient> PausedRecipients
)
{
    public const string Open = "open";

    /// <summary>How it stands, to go after its name; null while it is open.</summary>
    public Sentence? Stands =>
        State switch
        {
            // Whoever stopped it says why in their own words.
            "stopped" => new("stand.stopped", Since, Until, Reason),
            "broken" => new("stand.broken", Since, Why, Tried),
            "resting" => new("stand.resting", Since, Why, Tried),
            "answering" => new("stand.answering", Since),
            "waiting" => new("stand.waiting", Until, Why),
            "asked" => new("stand.asked", Since),
            _ => null,
        };

    /// <summary>In a sentence, without its queue; null while it is open.</summary>
    public string? Says(Wording words) => Stands is { } stands ? $"{words.Of(stands)}." : null;

    /// <summary>Why, in words; null while it is open.</summary>
    public string? ReasonIn(Wording words) => State == "stopped" ? Reason : words.Reason(Reason);

    private Sentence? Why => Reason is { } reason ? Reasons.Meaning(reason) : null;

    private Sentence Tried => Until is { } until ? new("stand.tried_at", until) : new("stand.tried_now");
}

/// <param name="Address">On the channel.</param>
/// <param name="Reason">What the provider said.</param>
internal sealed record PausedRecipient(string Address, DateTimeOffset Until, string? Reason);

/// <summary>A rest of a channel, with what of it is still in doubt.</summary>
/// <param name="Until">When it was over; null while it lasts.</param>
/// <param name="InDoubt">Messages that began within it and wait for a person.</param>
internal sealed record Incident(long Id, string Channel, DateTimeOffset Since, DateTimeOffset? Until, string Reason, long InDoubt)
{
    public Sentence Said =>
        new(
            "stand.incident",
            Channel,
            InDoubt,
            Since,
            Until is { } until ? new Sentence("stand.until", until) : new Sentence("stand.still"),
            Reasons.Meaning(Reason)
        );

    public string Says(Wording words) => words.Of(Said);
}

/// <summary>Reads the channels' rows for people: the API, the command line, doctor and readiness.</summary>
internal static class ChannelBoard
{
    /// <param name="command">Makes a command, on a connection or in a transaction.</param>
    /// <param name="served">Channels that are there even if nothing has been sent over them.</param>
    /// <param name="only">One channel; null means all.</param>
    /// <param name="queue">Whether to count what waits, which reads the whole backlog.</param>
    /// <param name="most">As far as which.</param>
    public static async Task<IReadOnlyList<ChannelStatus>> ReadAsync(
        Func<string, NpgsqlCommand> command,
        IEnumerable<string> served,
        string? only,
        bool queue,
        CancellationToken cancellationToken,
        long most = long.MaxValue
    )
    {
        await using var read = command(Channels).With(served.ToArray(), only, queue ? most : 0L);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var channels = new List<ChannelStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var addresses = reader.GetFieldValue<string[]>(6);
            var ends = reader.GetFieldValue<DateTime[]>(7);
            var reasons = reader.GetFieldValue<string[]>(8);
            channels.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    At(2),
                    At(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4),
                    reader.GetInt64(5),
                    [.. addresses.Select((address, i) => new PausedRecipient(address, new(ends[i]), reasons[i]))]
                )
            );
        }
        return channels;

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    /// <summary>The newest first: every one that lasts or has something in doubt, or those of the last week as well.</summary>
    /// <param name="most">How many messages in doubt are looked at.</param>
    public static async Task<IReadOnlyList<Incident>> IncidentsAsync(
        Func<string, NpgsqlCommand> command,
        bool all,
        CancellationToken cancellationToken,
        long most = long.MaxValue
    )
    {
        await using var read = command(
                $"""
                WITH held AS MATERIALIZED (
                    SELECT queue, operation, channel, settled_at, send_started_at FROM reminders.outbox WHERE queue = 'held' LIMIT $2)
                SELECT * FROM (
                    SELECT i.id, i.channel, i.began_at, i.ended_at, i.reason,
                           (SELECT count(*) FROM held m WHERE {HeldFilter.InIncident}) AS in_doubt
                    FROM reminders.incident i) i
                WHERE i.in_doubt > 0 OR i.ended_at IS NULL OR $1 AND i.began_at > now() - interval '7 days'
                ORDER BY i.id DESC LIMIT 100
                """
            )
            .With(all, most);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var incidents = new List<Incident>();
        while (await reader.ReadAsync(cancellationToken))
        {
            incidents.Add(
                new(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    reader.GetFieldValue<DateTimeOffset>(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetString(4),
                    reader.GetInt64(5)
                )
            );
        }
        return incidents;
    }

    private static readonly string Channels = Statement.Named("Outbox/Operators/Sql/channels.sql");
}
