using Reminders.Lab.Chaos;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <param name="AfterKill">Seconds from SIGKILL until other nodes began to send the last message the node had claimed and not
/// begun.</param>
/// <param name="AfterRestart">Seconds from PostgreSQL's answering again, after it was killed, to the next message at Telegram.</param>
internal sealed record RecoveryResult(RecoverySettings Settings, IReadOnlyList<double> AfterKill, IReadOnlyList<double> AfterRestart);

internal sealed record RecoverySettings(int Rounds, int Nodes);

/// <summary>
/// How long the cluster takes to be well again, with every setting as shipped and a backlog that waits: a node is killed with
/// claims in its hands, then PostgreSQL is.
/// </summary>
internal sealed class RecoveryBench(BenchCluster cluster, RecoverySettings settings, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(-5);

    public async Task<RecoveryResult> RunAsync(CancellationToken cancellationToken)
    {
        var recoveries = new Recoveries(cluster.Database, cluster.Telegram, time);
        for (var round = 1; round <= settings.Rounds; round++)
        {
            await BacklogAsync(round, cancellationToken);
            var victim = cluster.Nodes[round % settings.Nodes].NodeName;
            await UntilAsync(
                "SELECT EXISTS (SELECT FROM reminders.under_way WHERE leased_by = $1 AND send_started_at IS NULL)",
                victim,
                cancellationToken
            );
            await cluster.KillAsync(round % settings.Nodes);
            await recoveries.NoteClaimsOfAsync(victim, cancellationToken);
            await UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.under_way WHERE leased_by = $1)", victim, cancellationToken);
            await cluster.StartAgainAsync(round % settings.Nodes, cancellationToken);

            await cluster.RestartPostgresAsync();
            recoveries.NoteDatabaseBack("immediate");
            var before = cluster.Telegram.Record.MessageCount;
            await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount > before, Patience, cancellationToken);
        }
        return new(
            settings,
            [.. (await recoveries.AfterKillsAsync(cancellationToken)).Select(seconds => Math.Round(seconds, 1))],
            [.. recoveries.AfterRestarts("immediate").Select(seconds => Math.Round(seconds, 1))]
        );
    }

    // Enough that some is left when the round is over, at the 29 a second that the shipped limits let through.
    private async Task BacklogAsync(int round, CancellationToken cancellationToken)
    {
        await BulkBookings.WriteAsync(cluster.Database, 1500, "CONFIRM_2H", Overdue, queued: true, cancellationToken, $"round{round}");
        var before = cluster.Telegram.Record.MessageCount;
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount > before + 30, Patience, cancellationToken);
    }

    private async Task UntilAsync(string sql, string node, CancellationToken cancellationToken)
    {
        if (!await Until.TrueAsync(() => IsSoAsync(sql, node, cancellationToken), Patience, cancellationToken))
        {
            throw new TimeoutException($"Not within {Patience}, for {node}: {sql}");
        }
    }

    private async Task<bool> IsSoAsync(string sql, string node, CancellationToken cancellationToken)
    {
        await using var command = cluster.Database.CreateCommand(sql).With(node);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
