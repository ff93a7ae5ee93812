using Npgsql;
using NpgsqlTypes;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// Writes the outcomes of a window of attempts: a compare-and-set on (id, sending, lease token), so that a node which lost
/// its lease changes nothing. In the same statement the attempt is recorded, a delivered message whose subject moved
/// meanwhile gets its edit, a resend its next number, who cannot be reached the next channel, and a held or lost reminder is
/// reported. Nearly all of them are plain, and settled by a statement that can do none of that.
/// </summary>
internal static class SettleStatement
{
    private static readonly string Settle = Statement.Named("Outbox/Sql/settle.sql");
    private static readonly string SettleSent = Statement.Named("Outbox/Sql/settle-sent.sql");

    /// <summary>Whether there is nothing to say of it but that it was accepted, and under which id.</summary>
    public static bool IsPlain(Settlement settlement) =>
        settlement is { State: MessageState.Sent, Outcome: "sent", Detail: null, Spent: 1, Resend: false };

    /// <summary>Settles those of which <see cref="IsPlain"/> says so. One row: how many of them it has settled.</summary>
    public static NpgsqlBatchCommand CreatePlain(SchemaNames names, Settlement[] settlements)
    {
        var (ids, tokens, providerIds) = (new long[settlements.Length], new long[settlements.Length], new string?[settlements.Length]);
        var rowTokens = new Guid[settlements.Length];
        for (var i = 0; i < settlements.Length; i++)
        {
            (ids[i], tokens[i], providerIds[i]) = (
                settlements[i].Message.Claim.Id,
                settlements[i].Message.Claim.Token,
                settlements[i].ProviderMessageId
            );
            rowTokens[i] = settlements[i].Message.RowToken;
        }
        return names.BatchCommand(SettleSent).With(ids, tokens, providerIds, rowTokens);
    }

    public static NpgsqlBatchCommand Create(SchemaNames names, IReadOnlyList<Settlement> settlements, ChannelOrders orders)
    {
        var command = names.BatchCommand(Settle);
        Add(NpgsqlDbType.Bigint, settlements.Select(s => s.Message.Claim.Id).ToArray());
        Add(NpgsqlDbType.Bigint, settlements.Select(s => s.Message.Claim.Token).ToArray());
        Add(NpgsqlDbType.Text, settlements.Select(s => s.State.ToColumn()).ToArray());
        Add(NpgsqlDbType.Text, settlements.Select(s => s.Outcome).ToArray());
        Add(NpgsqlDbType.Text, settlements.Select(s => s.Detail).ToArray());
        Add(NpgsqlDbType.Text, settlements.Select(s => s.ProviderMessageId).ToArray());
        Add(NpgsqlDbType.Interval, settlements.Select(s => s.Delay).ToArray());
        Add(NpgsqlDbType.Integer, settlements.Select(s => s.Spent).ToArray());
        Add(NpgsqlDbType.Boolean, settlements.Select(s => s.Resend).ToArray());
        Add(NpgsqlDbType.TimestampTz, settlements.Select(s => s.Message.StartedAt).ToArray());
        Add(NpgsqlDbType.Text, orders.Kinds);
        Add(NpgsqlDbType.Text, orders.Channels);
        Add(NpgsqlDbType.Uuid, settlements.Select(s => s.Message.RowToken).ToArray());
        return command;

        void Add(NpgsqlDbType element, object value) =>
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | element });
    }
}
