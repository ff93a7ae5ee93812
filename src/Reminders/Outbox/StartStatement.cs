using Npgsql;
using Reminders.Channels;
using Reminders.Failover;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// The last look before the first byte: judges claimed messages by their subject, recipient and channel as they are now,
/// and commits <c>send_started_at</c> for those that go. Everything else is put where it belongs in the same statement.
/// </summary>
/// <remarks>
/// It may be asked again for a message it has started already: after a broken commit the node does not know, but it does
/// know that it has sent nothing, so the token alone decides.
/// </remarks>
internal static class StartStatement
{
    private static readonly string Start = Statement.Named("Outbox/Sql/start.sql");
    private static readonly string StartWithinLimits = Statement.Named("Outbox/Sql/start.sql", "limited");

    /// <summary>
    /// Sees to the row that a channel's limits are counted in. Before <see cref="Create"/>, in the same batch: without the
    /// row there would be nothing to lock, and so no limit.
    /// </summary>
    public static NpgsqlBatchCommand EnsureChannel(SchemaNames names, string channel)
    {
        var command = names.BatchCommand("INSERT INTO reminders.channel (name) VALUES ($1) ON CONFLICT DO NOTHING");
        command.Parameters.Add(new() { Value = channel });
        return command;
    }

    public static NpgsqlBatchCommand Create(
        SchemaNames names,
        string channel,
        IReadOnlyList<Claim> claims,
        ChannelOrders orders,
        ChannelLimits limits,
        TimeSpan sendLease,
        TimeSpan late,
        Pass pass
    )
    {
        var command = names.BatchCommand(limits.AreSet ? StartWithinLimits : Start);
        command.Parameters.Add(new() { Value = claims.Select(claim => claim.Id).ToArray() });
        command.Parameters.Add(new() { Value = claims.Select(claim => claim.Token).ToArray() });
        command.Parameters.Add(new() { Value = channel });
        command.Parameters.Add(new() { Value = sendLease });
        command.Parameters.Add(new() { Value = orders.Kinds });
        command.Parameters.Add(new() { Value = orders.Channels });
        pass.AddTo(command);
        if (limits.AreSet)
        {
            command.Parameters.Add(new() { Value = limits.PerSecond });
            command.Parameters.Add(new() { Value = limits.PerRecipientInterval });
            command.Parameters.Add(new() { Value = ChannelLimits.Ahead });
            command.Parameters.Add(new() { Value = late });
        }
        return command;
    }

    /// <param name="started">What may leave the node now is added here.</param>
    public static async Task<SettledAndStarted> ReadAsync(
        NpgsqlDataReader reader,
        List<StartedMessage> started,
        int epoch,
        CancellationToken cancellationToken
    )
    {
        var waiting = new List<Claim>();
        var wait = TimeSpan.Zero;
        var events = false;
        DateTimeOffset? now = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var claim = new Claim(reader.GetInt64(0), reader.GetInt64(1), epoch);
            switch (reader.GetString(2))
            {
                case "start":
                    now = reader.GetFieldValue<DateTimeOffset>(26);
                    started.Add(
                        new(
                            claim,
                            reader.GetString(3),
                            reader.GetString(4) == "edit" ? DeliveryOperation.Edit : DeliveryOperation.Send,
                            reader.GetString(5),
                            reader.GetGuid(6),
                            reader.GetInt32(7),
                            reader.GetString(8),
                            ReadStanding(reader.GetString(9)),
                            reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10),
                            reader.GetString(11),
                            reader.IsDBNull(12) ? null : reader.GetString(12),
                            reader.GetString(13),
                            reader.GetString(14),
                            reader.GetString(15),
                            reader.IsDBNull(16) ? null : reader.GetString(16),
                            reader.GetFieldValue<DateTimeOffset>(17),
                            reader.GetBoolean(19),
                            reader.IsDBNull(20) ? Timeout.InfiniteTimeSpan : reader.GetTimeSpan(20),
                            reader.GetString(21),
                            reader.GetString(22),
                            reader.GetBoolean(23),
                            reader.GetBoolean(24)
                        )
                        {
                            LinkSecret = reader.IsDBNull(25) ? null : reader.GetFieldValue<byte[]>(25),
                            RowToken = reader.GetGuid(27),
                            Number = reader.GetInt32(28),
                            Parts = reader.IsDBNull(29) ? [] : reader.GetFieldValue<string[]>(29),
                        }
                    );
                    break;
                case "wait":
                    waiting.Add(claim);
                    // The first that waits has the nearest instant.
                    if (waiting.Count == 1)
                    {
                        wait = TimeSpan.FromSeconds(Math.Max(reader.GetDouble(18), 0.001));
                    }

                    break;
                case "past_use" or "opted_out" or "unreachable":
                    events = true;
                    break;
            }
        }
        return new(started, waiting, wait, events, Now: now);
    }

    private static Standing ReadStanding(string column) =>
        column switch
        {
            "current" => Standing.Current,
            "replaced" => Standing.Replaced,
            _ => Standing.Gone,
        };
}
