using Npgsql;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>
/// A channel that messages wait for and none of the running nodes sends over: its bot has no token there, or its mail no server.
/// </summary>
/// <param name="Waiting">How many, as far as was counted.</param>
/// <param name="Since">When the first is due, or was.</param>
internal sealed record UnservedChannel(string Name, long Waiting, DateTimeOffset Since)
{
    // Nobody would do anything else if they knew how many more.
    private const long Most = 10_000;

    public Sentence Said => new("stand.unserved", Name, Waiting > Most ? new MoreThan(Most) : Waiting, Since);

    /// <summary>With what there is to do about it.</summary>
    public string Says(Wording words) => $"{words.Of(Said)} {words.Of(new("fix.unserved"))}";

    /// <param name="command">Makes a command, on a connection or in a transaction.</param>
    public static async Task<IReadOnlyList<UnservedChannel>> ReadAsync(
        Func<string, NpgsqlCommand> command,
        CancellationToken cancellationToken
    )
    {
        await using var read = command(Unserved).With(Heartbeat.Silent, Most + 1);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var channels = new List<UnservedChannel>();
        while (await reader.ReadAsync(cancellationToken))
        {
            channels.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return channels;
    }

    private static readonly string Unserved = Statement.Named("Outbox/Operators/Sql/unserved.sql");
}
