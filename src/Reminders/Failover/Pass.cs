using Npgsql;
using NpgsqlTypes;

namespace Reminders.Failover;

/// <summary>With this a node may start messages; the statement that does so asks the server whether it still holds.</summary>
/// <param name="Epoch">To which the node has said what it remembers.</param>
/// <param name="Position">How far the server's log went when the node last looked; null where the server does not say.</param>
internal sealed record Pass(int Epoch, NpgsqlLogSequenceNumber? Position)
{
    /// <summary>As may-start.sql asks for it.</summary>
    public void AddTo(NpgsqlBatchCommand command)
    {
        command.Parameters.Add(new() { Value = Epoch });
        command.Parameters.Add(new() { Value = Position is { } position ? position : DBNull.Value, NpgsqlDbType = NpgsqlDbType.PgLsn });
    }
}
