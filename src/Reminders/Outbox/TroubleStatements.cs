using Npgsql;
using NpgsqlTypes;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// What an attempt taught about its channel or its recipient, written in the settling transaction, so that the whole
/// cluster knows it at once and still knows it after a restart (rules 9 and 10). None of these returns rows.
/// </summary>
internal static class TroubleStatements
{
    /// <param name="interval">Between two messages to one recipient.</param>
    public static IEnumerable<NpgsqlBatchCommand> For(
        SchemaNames names,
        string channel,
        IReadOnlyList<Settlement> settlements,
        TimeSpan interval
    )
    {
        foreach (var group in settlements.Where(s => s.ChannelTrouble is not null).GroupBy(s => s.ChannelTrouble!.Value.Kind))
        {
            yield return Trouble(names, channel, group.MaxBy(s => s.ChannelTrouble!.Value.Pause)!);
        }

        if (
            settlements.Where(s => s.State == MessageState.Sent).Max(s => (DateTimeOffset?)s.Message.StartedAt) is { } sent
            && !settlements.Any(s => s.ChannelTrouble is { Kind: ChannelTroubleKind.Broken })
        )
        {
            yield return Command(names, "Outbox/Sql/trouble-delivered.sql", channel, sent);
        }
        if (interval > TimeSpan.Zero && settlements.Any(s => s.Late))
        {
            var late = settlements.Where(s => s.Late).Select(s => s.Message.Address).ToArray();
            yield return Command(names, "Outbox/Sql/recipient-late.sql", channel, late, interval);
        }
        // In one order on every node, so that two of them cannot wait for each other.
        foreach (
            var settlement in settlements.Where(s => s.RecipientTrouble is not null).OrderBy(s => s.Message.Address, StringComparer.Ordinal)
        )
        {
            var trouble = settlement.RecipientTrouble!.Value;
            if (trouble.Pause is { } pause)
            {
                yield return PauseRecipient(names, channel, settlement.Message.Address, pause, trouble.Reason);
            }

            if (trouble.Unreachable)
            {
                yield return MarkUnreachable(names, channel, settlement, trouble);
            }
        }
        if (settlements.Any(s => s.Message.Probe))
        {
            if (settlements.Any(s => s.Message.Probe && s.State == MessageState.Sent))
            {
                yield return EndRest(names, channel);
            }

            yield return Command(
                names,
                "Outbox/Sql/trouble-probed.sql",
                channel,
                settlements.Where(s => s.Message.Probe).Select(s => s.Message.Claim.Id).ToArray()
            );
            // The nodes have waited for this outcome.
            yield return names.BatchCommand($"NOTIFY {names.Channel(Signals.OutboxChannel)}");
        }
    }

    /// <summary>The recipient waits, on every node.</summary>
    /// <param name="reason">Shown to operators.</param>
    public static NpgsqlBatchCommand PauseRecipient(SchemaNames names, string channel, string address, TimeSpan pause, string reason) =>
        Command(names, "Outbox/Sql/trouble-recipient.sql", channel, address, pause, reason);

    private static NpgsqlBatchCommand Trouble(SchemaNames names, string channel, Settlement settlement)
    {
        var trouble = settlement.ChannelTrouble!.Value;
        return trouble.Kind switch
        {
            ChannelTroubleKind.Broken => Command(names, "Outbox/Sql/trouble-broken.sql", channel, trouble.Pause, trouble.Reason),
            ChannelTroubleKind.Limited => Command(names, "Outbox/Sql/trouble-limited.sql", channel, trouble.Pause, trouble.Reason),
            ChannelTroubleKind.Asked => Command(names, "Outbox/Sql/trouble-asked.sql", channel, trouble.Reason, settlement.Message.Address),
            ChannelTroubleKind.AskedAgain => Command(
                names,
                "Outbox/Sql/trouble-asked-again.sql",
                channel,
                trouble.Pause,
                trouble.Reason,
                settlement.Message.Address
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(settlement), trouble.Kind, "Not a trouble."),
        };
    }

    private static NpgsqlBatchCommand EndRest(SchemaNames names, string channel) => Command(names, "Outbox/Sql/trouble-over.sql", channel);

    private static NpgsqlBatchCommand MarkUnreachable(SchemaNames names, string channel, Settlement settlement, RecipientTrouble trouble) =>
        Command(
            names,
            "Outbox/Sql/trouble-unreachable.sql",
            settlement.Message.Claim.Id,
            channel,
            settlement.Message.Address,
            (object?)trouble.MigratedTo ?? DBNull.Value,
            trouble.Reason,
            // Not the row's own send_started_at: settling has just emptied that for another try.
            settlement.Message.StartedAt
        );

    private static NpgsqlBatchCommand Command(SchemaNames names, string statement, params object[] values)
    {
        var command = names.BatchCommand(Statement.Named(statement));
        foreach (var value in values)
        {
            command.Parameters.Add(value is DBNull ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text } : new() { Value = value });
        }

        return command;
    }
}
