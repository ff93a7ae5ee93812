using Npgsql;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// Counts what was not answered, over the cluster: a few in a row, to more than one recipient and with nothing delivered
/// between, are the channel's trouble and not each message's (rule 10). Then it rests, and what is in doubt by then is one
/// incident. One recipient alone, whose calls hang, is theirs.
/// </summary>
internal static class DoubtStatement
{
    private static readonly string Count = Statement.Named("Outbox/Sql/doubt.sql");

    /// <summary>Who it went to is kept for choosing somebody else to probe with; beyond a few it makes no difference.</summary>
    private const int Remembered = 20;

    /// <summary>
    /// A server that greets and then hangs after the dot is well whenever it is asked: each message that finds out is in doubt, so
    /// they are risked that much further apart than calls that send nothing.
    /// </summary>
    private const int Dearer = 6;

    /// <summary>Null when everything was answered. In the order in which the outcomes came: a delivery ends the run before it.</summary>
    public static NpgsqlBatchCommand? For(SchemaNames names, string channel, IReadOnlyList<Settlement> settlements, OutboxOptions options)
    {
        var run = settlements.Reverse().TakeWhile(s => s.State != MessageState.Sent).Where(s => s.Unanswered).ToArray();
        if (run.Length == 0)
        {
            return null;
        }

        var command = names.BatchCommand(Count);
        command.Parameters.Add(new() { Value = channel });
        command.Parameters.Add(new() { Value = run.Length });
        command.Parameters.Add(new() { Value = run.Select(s => s.Message.Address).Distinct().ToArray() });
        command.Parameters.Add(new() { Value = run.Min(s => s.Message.StartedAt) });
        command.Parameters.Add(new() { Value = run[0].Detail ?? run[0].Outcome });
        command.Parameters.Add(new() { Value = options.DoubtsUntilRest });
        command.Parameters.Add(new() { Value = options.RestBase });
        command.Parameters.Add(new() { Value = options.RestCap * Dearer });
        command.Parameters.Add(new() { Value = run.Any(s => s.Message.Probe) });
        command.Parameters.Add(new() { Value = Remembered });
        return command;
    }
}
