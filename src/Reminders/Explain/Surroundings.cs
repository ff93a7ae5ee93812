using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Outbox.Operators;
using Reminders.Reads;
using Reminders.Storage;
using Reminders.Texts;

namespace Reminders.Explain;

/// <summary>What may stand between a reminder and its recipient besides its own rows, as of one instant of the database's clock.</summary>
/// <param name="Alive">Nodes whose heartbeat is fresh.</param>
/// <param name="LastSeen">When the last of all nodes was heard of; null when there never was one, or all have left.</param>
/// <param name="Channels">Those that are not open.</param>
/// <param name="Paused">The kinds that somebody has paused.</param>
/// <param name="Messages">Of each message that is not settled.</param>
/// <param name="Texts">What was set of their kinds' texts since the first of them was sent, and what nodes had themselves.</param>
/// <param name="Quiet">Of each occurrence that is not fired: when the quiet hours end that it would fall into.</param>
internal sealed record Surroundings(
    DateTimeOffset Now,
    long Alive,
    DateTimeOffset? LastSeen,
    KindCatalog Kinds,
    IReadOnlyDictionary<string, ChannelStatus> Channels,
    IReadOnlyDictionary<string, KindStatus> Paused,
    IReadOnlyDictionary<long, MessageObstacles> Messages,
    IReadOnlyDictionary<long, DateTimeOffset> Quiet,
    TextPast Texts
)
{
    /// <summary>How a channel stands, unless it is open.</summary>
    public ChannelStatus? RestOf(string channel) => Channels.GetValueOrDefault(channel);

    /// <summary>How a kind stands, where somebody has paused it.</summary>
    public KindStatus? PauseOf(string kind) => Paused.GetValueOrDefault(kind);
}

/// <summary>What stands in a message's way, as Outbox/Sql/still-wanted.sql has it, and what only has it wait.</summary>
/// <param name="Silenced">Why its recipient does not get it: opted out, or does not want it.</param>
internal sealed record MessageObstacles(
    string? Unwanted,
    bool PastUse,
    string? Silenced,
    string? Unreachable,
    bool LeaseOver,
    DateTimeOffset? QuietUntil,
    DateTimeOffset? ThrottledUntil
);

/// <summary>Reads them in a few round trips, of these occurrences.</summary>
internal sealed class SurroundingsReader(RemindersDb db, KindCatalog kinds)
{
    public async Task<Surroundings> ReadAsync(IReadOnlyList<OccurrenceRow> page, CancellationToken cancellationToken)
    {
        var occurrences = page.Select(occurrence => occurrence.Id).ToArray();
        var texts = await StoryTexts.ReadAsync(db, page, cancellationToken);
        var channels = (await ChannelBoard.ReadAsync(db.Command, [], only: null, queue: false, cancellationToken))
            .Where(channel => channel.State != ChannelStatus.Open)
            .ToDictionary(channel => channel.Name);
        var paused = (await KindBoard.PausedAsync(db.Command, cancellationToken)).ToDictionary(kind => kind.Name);
        await using var batch = db.Connection().CreateBatch();
        batch.BatchCommands.Add(
            db.Names.BatchCommand(
                    "SELECT clock_timestamp(), count(*) FILTER (WHERE seen_at > now() - $1), max(seen_at) FROM reminders.node"
                )
                .With(Heartbeat.Silent)
        );
        batch.BatchCommands.Add(db.Names.BatchCommand(Obstacles).With((object)occurrences));
        batch.BatchCommands.Add(db.Names.BatchCommand(QuietHours).With((object)occurrences));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);

        await reader.ReadAsync(cancellationToken);
        var (now, alive, lastSeen) = (reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt64(1), Instant(2));
        var messages = new Dictionary<long, MessageObstacles>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            messages[reader.GetInt64(0)] = new(
                Text(1),
                reader.GetBoolean(2),
                Text(3),
                Text(4),
                reader.GetBoolean(5),
                Instant(6),
                Instant(7)
            );
        }

        var quiet = new Dictionary<long, DateTimeOffset>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            quiet[reader.GetInt64(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        }

        return new(now, alive, lastSeen, kinds, channels, paused, messages, quiet, texts);

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        DateTimeOffset? Instant(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    private static readonly string Obstacles = Statement.Named("Explain/Sql/obstacles.sql");

    // Quiet hours shift a message only where it is still of use after them (rule 11).
    private const string QuietHours = """
        SELECT o.id, q.ends
        FROM reminders.occurrence o
        JOIN reminders.recipient r ON r.id = o.recipient_id AND r.quiet_from IS NOT NULL
        CROSS JOIN LATERAL (SELECT reminders.quiet_until(r.zone, r.quiet_from, r.quiet_to, greatest(o.due_at, clock_timestamp())) AS ends) q
        WHERE o.id = ANY ($1) AND o.state = 'planned' AND q.ends < o.useful_until
        """;
}
