using Npgsql;

namespace Reminders.Nodes;

/// <summary>A node of the cluster.</summary>
/// <param name="IsGone">It has given no sign of life for a minute.</param>
/// <param name="Skew">How far its clock is from the database's.</param>
/// <param name="Hanging">Its loops that make no progress.</param>
/// <param name="Hears">Whether it hears the others.</param>
/// <param name="Leads">What it alone does just now.</param>
internal sealed record NodeNow(
    string Name,
    string Version,
    DateTimeOffset StartedAt,
    DateTimeOffset SeenAt,
    bool IsGone,
    TimeSpan Skew,
    IReadOnlyList<string> Hanging,
    bool Hears,
    IReadOnlyList<string> Leads
);

/// <summary>Reads the nodes' rows for people: the command line and the console.</summary>
internal static class NodeBoard
{
    /// <summary>Those that are there, and for an hour those that are gone.</summary>
    /// <param name="command">Makes a command, on a connection or in a transaction.</param>
    public static async Task<IReadOnlyList<NodeNow>> ReadAsync(Func<string, NpgsqlCommand> command, CancellationToken cancellationToken)
    {
        await using var read = command(
            """
            SELECT n.name, n.version, n.started_at, n.seen_at, n.seen_at < clock_timestamp() - interval '1 minute', n.skew, n.hanging, n.hears,
                   ARRAY (SELECT l.name FROM reminders.lease l WHERE l.holder = n.name AND l.held_until > clock_timestamp() ORDER BY l.name)
            FROM reminders.node n WHERE n.seen_at > clock_timestamp() - interval '1 hour' ORDER BY n.name
            """
        );
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var nodes = new List<NodeNow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            nodes.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetBoolean(4),
                    reader.GetTimeSpan(5),
                    reader.GetFieldValue<string[]>(6),
                    reader.GetBoolean(7),
                    reader.GetFieldValue<string[]>(8)
                )
            );
        }

        return nodes;
    }
}
