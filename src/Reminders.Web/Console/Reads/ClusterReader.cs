using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Storage;

namespace Reminders.Web.Console.Reads;

/// <summary>Numbers above <see cref="Most"/> are "at least".</summary>
/// <param name="OldestDue">Since when the oldest message that is due has waited.</param>
/// <param name="FirstUseless">When the first message in doubt is past its use.</param>
internal sealed record Board(
    long InDoubt,
    long Dead,
    long DeadToday,
    long Waiting,
    long Sending,
    DateTimeOffset? OldestDue,
    long DueInAnHour,
    DateTimeOffset? FirstUseless
)
{
    public const long Most = 10_000;
}

/// <summary>What the cluster as a whole is doing.</summary>
internal sealed class ClusterReader(CommandTransaction db, KindCatalog kinds, IEnumerable<ServedChannel> served)
{
    private string[] Channels => [.. served.Select(channel => channel.Name)];

    public async Task<Board> BoardAsync(CancellationToken cancellationToken)
    {
        await using var read = db.Command(WebStatement.Named("Console/Reads/Sql/board.sql")).With(kinds.Kinds.Keys.ToArray(), Channels);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetInt64(0),
            reader.GetInt64(1),
            reader.GetInt64(2),
            reader.GetInt64(3),
            reader.GetInt64(4),
            reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
            reader.IsDBNull(6) ? 0 : reader.GetInt64(6),
            reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7)
        );
    }

    public Task<IReadOnlyList<ChannelStatus>> ChannelsAsync(CancellationToken cancellationToken) =>
        ChannelBoard.ReadAsync(db.Command, Channels, only: null, queue: false, cancellationToken);

    public Task<IReadOnlyList<UnservedChannel>> UnservedAsync(CancellationToken cancellationToken) =>
        UnservedChannel.ReadAsync(db.Command, cancellationToken);

    public Task<IReadOnlyList<KindStatus>> KindsAsync(CancellationToken cancellationToken) =>
        KindBoard.ReadAsync(db.Command, kinds.Kinds.Values, cancellationToken);

    /// <summary>Those that are there, and for an hour those that are gone.</summary>
    public Task<IReadOnlyList<NodeNow>> NodesAsync(CancellationToken cancellationToken) =>
        NodeBoard.ReadAsync(db.Command, cancellationToken);
}
