using Reminders.Channels;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox;

/// <summary>
/// Asks a channel that rests whether it is well, once over the cluster: whoever gets the channel's row first probes, and the
/// others wait for the outcome or, should the node die, for the probe's lease.
/// </summary>
internal sealed class ChannelRest(Database dataSource, OutboxOptions options)
{
    /// <returns>What the channel was found to be; null when there is nothing to ask, or somebody else asks.</returns>
    public async Task<ProbeResult?> ProbeAsync(ISender sender, CancellationToken cancellationToken)
    {
        if (await TakeAsync(sender.Channel, cancellationToken) is not { } turn)
        {
            return null;
        }

        var result = await AskAsync(sender, cancellationToken);
        await (result.IsWell ? AnsweredAsync(sender.Channel, turn) : InVainAsync(sender.Channel, turn, Reasons.Said(result.Detail)));
        return result;
    }

    private static async Task<ProbeResult> AskAsync(ISender sender, CancellationToken cancellationToken)
    {
        // A channel that cannot be asked is heard by its next message.
        if (sender is not IChannelProbe probe)
        {
            return ProbeResult.Well;
        }

        try
        {
            return await probe.ProbeAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Ill(exception.Message);
        }
    }

    private static readonly string Stopped = Statement.Named("Outbox/Sql/channel-stopped.sql");

    private async Task<DateTime?> TakeAsync(string channel, CancellationToken cancellationToken)
    {
        await using var take = dataSource
            .CreateCommand(
                $"""
                UPDATE reminders.channel c SET probe_id = NULL, probe_until = clock_timestamp() + $2
                WHERE name = $1 AND rests_since IS NOT NULL AND answered_at IS NULL AND NOT {Stopped}
                  AND coalesce(paused_until <= clock_timestamp(), true) AND coalesce(probe_until <= clock_timestamp(), true)
                RETURNING probe_until
                """
            )
            .With(channel, options.SendLease);
        return await take.ExecuteScalarAsync(cancellationToken) as DateTime?;
    }

    // Not given up when the node stops: the others would wait for the lease.
    private async Task AnsweredAsync(string channel, DateTime turn)
    {
        await using var write = dataSource
            .CreateCommand(
                """
                WITH heard AS (
                    UPDATE reminders.channel SET answered_at = clock_timestamp(), probe_until = NULL
                    WHERE name = $1 AND probe_until = $2 AND rests_since IS NOT NULL
                    RETURNING 1)
                SELECT pg_notify('reminders_outbox', '') FROM heard
                """
            )
            .With(channel, turn);
        await write.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task InVainAsync(string channel, DateTime turn, string detail)
    {
        await using var write = dataSource
            .CreateCommand(Statement.Named("Outbox/Sql/rest-longer.sql"))
            .With(channel, turn, OutsideText.Clean(detail), options.RestBase, options.RestCap);
        await write.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
