using Npgsql;
using Reminders.Channels;
using Reminders.Failover;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>What a dispatcher asks the ledger for, once.</summary>
/// <param name="Token">Proves that what was started is this turn's: no other has it.</param>
/// <param name="Alone">Occurrences to pass over.</param>
/// <param name="After">Where each kind's part of it begins.</param>
internal sealed record Take(string[] Kinds, int Room, long Token, long[] Alone, Place[] After)
{
    /// <summary>One that looks at everything that is due.</summary>
    public static Take FromTheStart(string[] kinds, int room, long token, params long[] alone) =>
        new(kinds, room, token, alone, [.. kinds.Select(_ => Place.Start)]);
}

/// <summary>What became of it, besides the messages that were started.</summary>
/// <param name="Picked">How many occurrences were looked at.</param>
/// <param name="Others">Those that are not plain: for firing to judge.</param>
/// <param name="Reached">How far each kind's part went.</param>
internal sealed record Taken(int Picked, long[] Others, IReadOnlyDictionary<string, Place> Reached);

/// <summary>Fires and starts in one step what is due on a channel without limits: see take.sql.</summary>
internal static class TakeStatement
{
    private const int LeftForOthers = 8;

    private static readonly string Sql = Statement.Named("Outbox/Sql/take.sql");

    public static NpgsqlBatchCommand Create(SchemaNames names, string channel, Take take, string node, TimeSpan sendLease, Pass pass)
    {
        var command = names.BatchCommand(Sql).With(channel, take.Kinds, take.Room, MostOfOne(take), node, sendLease);
        pass.AddTo(command);
        return command.With(
            take.Token,
            take.Alone,
            take.After.Select(place => place.DueAt).ToArray(),
            take.After.Select(place => place.Id).ToArray()
        );
    }

    /// <summary>A bulk of one kind stands before no other: some of the room is left for those, and who is first is drawn anew each
    /// time.</summary>
    private static int MostOfOne(Take take) =>
        take.Kinds.Length == 1 || take.Room < 2 ? take.Room : take.Room - Math.Max(1, take.Room / LeftForOthers);

    /// <param name="started">What may leave the node now is added here.</param>
    public static async Task<Taken> ReadAsync(
        NpgsqlDataReader reader,
        Take take,
        List<StartedMessage> started,
        int epoch,
        CancellationToken cancellationToken
    )
    {
        var picked = 0;
        List<long>? others = null;
        var reached = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            picked++;
            // They come in the order of their due time.
            reached[reader.GetString(3)] = new(reader.GetDateTime(17), reader.GetInt64(0));
            if (!reader.GetBoolean(1))
            {
                (others ??= []).Add(reader.GetInt64(0));
            }
            // Fired, and its message was there already: that one stands.
            else if (!reader.IsDBNull(2))
            {
                started.Add(ReadMessage(reader, take, epoch));
            }
        }
        return new(picked, others is null ? [] : [.. others], reached);
    }

    private static StartedMessage ReadMessage(NpgsqlDataReader reader, Take take, int epoch) =>
        new(
            new(reader.GetInt64(2), take.Token, epoch),
            reader.GetString(3),
            DeliveryOperation.Send,
            reader.GetString(4),
            reader.GetGuid(5),
            Attempts: 0,
            reader.GetString(6),
            Standing.Current,
            reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
            reader.GetString(8),
            reader.IsDBNull(9) ? null : reader.GetString(9),
            reader.GetString(10),
            reader.GetString(11),
            reader.GetString(12),
            TargetProviderId: null,
            reader.GetFieldValue<DateTimeOffset>(13),
            ThrottledAlone: false,
            Timeout.InfiniteTimeSpan,
            reader.GetString(14),
            reader.GetString(15)
        )
        {
            LinkSecret = reader.IsDBNull(16) ? null : reader.GetFieldValue<byte[]>(16),
        };
}
