using Npgsql;
using NpgsqlTypes;
using Reminders.Failover;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// Puts remembered messages back (put-back.sql): first that they were started, in rows of their own where these are gone, and then how they
/// ended, by the statement that settles any. So whatever follows from an outcome follows from this one.
/// </summary>
internal sealed class PutBackStore(Database database, OutboxStore outbox, OneByOne oneByOne, OutboxOptions options, NodeName node)
{
    /// <summary>How many at a time.</summary>
    public const int Most = 500;

    // A row that somebody writes in this very moment is there at the next try.
    private const int Tries = 3;

    /// <param name="sends">Of one channel.</param>
    /// <param name="over">Of which the outcome is to be put back too.</param>
    public async Task<PutBack> PutBackAsync(
        IReadOnlyList<RememberedSend> sends,
        IReadOnlyList<bool> over,
        KindCatalog kinds,
        CancellationToken cancellationToken
    )
    {
        var left = sends.Zip(over, (send, isOver) => (Send: send, IsOver: isOver)).ToDictionary(one => one.Send.RowToken);
        var (count, settlements) = (0, new List<Settlement>());
        for (var i = 0; i < Tries && left.Count > 0; i++)
        {
            var met = await BeginAsync([.. left.Values.Select(one => one.Send)], kinds, cancellationToken);
            var unplaced = left.Keys.Except(met.Select(row => row.RowToken)).ToArray();
            foreach (var row in met.Where(row => row.Id is not null || row.Known))
            {
                left.Remove(row.RowToken, out var one);
                count += row.Missing || row.Id is not null && one.IsOver ? 1 : 0;
                if (row.Id is { } id && one.IsOver)
                {
                    settlements.Add(one.Send.OutcomeOf(id));
                }
            }

            if (unplaced.Length == left.Count)
            {
                break;
            }
        }

        if (settlements.Count > 0)
        {
            await SettleAsync(sends[0].Channel, settlements);
        }

        return new(count, left.Count);
    }

    private async Task SettleAsync(string channel, List<Settlement> settlements)
    {
        try
        {
            await outbox.SettleAndStartAsync(channel, settlements, [], CancellationToken.None);
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            await oneByOne.SettleAsync(channel, settlements);
        }
    }

    private async Task<List<Met>> BeginAsync(RememberedSend[] sends, KindCatalog kinds, CancellationToken cancellationToken)
    {
        var parts = sends.SelectMany(send => send.Parts, (send, part) => (Part: part, Lead: send.Name)).ToArray();
        await using var command = database.CreateCommand(Statement.Named("Outbox/Sql/put-back.sql"));
        Add(NpgsqlDbType.Text, sends.Select(send => send.Name).ToArray());
        Add(NpgsqlDbType.Text, sends.Select(send => send.Channel).ToArray());
        Add(NpgsqlDbType.Integer, sends.Select(send => send.Number).ToArray());
        Add(NpgsqlDbType.Uuid, sends.Select(send => send.RowToken).ToArray());
        Add(NpgsqlDbType.Bigint, sends.Select(send => send.LeaseToken).ToArray());
        Add(NpgsqlDbType.Integer, sends.Select(send => send.Attempts).ToArray());
        Add(NpgsqlDbType.TimestampTz, sends.Select(send => send.StartedAt).ToArray());
        Add(NpgsqlDbType.Boolean, sends.Select(send => send.IsDoubtful || !send.IsOver).ToArray());
        command.Parameters.Add(new() { Value = node.Value });
        Add(NpgsqlDbType.Text, kinds.Kinds.Values.Where(kind => kind.EveryChannel).Select(kind => kind.Name).ToArray());
        command.Parameters.Add(new() { Value = options.SendLease });
        Add(NpgsqlDbType.Text, parts.Select(part => part.Part).ToArray());
        Add(NpgsqlDbType.Text, parts.Select(part => part.Lead).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var met = new List<Met>();
        while (await reader.ReadAsync(cancellationToken))
        {
            met.Add(new(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetInt64(1), reader.GetBoolean(2), reader.GetBoolean(3)));
        }

        return met;

        void Add(NpgsqlDbType element, object value) =>
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | element });
    }

    /// <param name="Id">Of its row, where that says that it has started under this token.</param>
    /// <param name="Known">It had a row.</param>
    /// <param name="Missing">Its start was lost, and is there again.</param>
    private sealed record Met(Guid RowToken, long? Id, bool Known, bool Missing);
}
