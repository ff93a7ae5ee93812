using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Failover;

/// <summary>
/// Looks every two seconds whether the database is still where it was, and after a step back puts it right again: says what this node
/// remembers, waits for the others, holds what those who are gone may have sent, and ends the recovery. Every node does all of it;
/// each step is safe to do twice.
/// </summary>
internal sealed partial class FailoverWatch : BackgroundService
{
    private const string What = "Watching for a fail-over";
    private const string Lease = "fail-over";
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    // Time for nodes that the database does not know of to say that they are there; and for calls under way to be answered.
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(3);

    private readonly Database _database;
    private readonly FailoverGuard _guard;
    private readonly IRecollection[] _recollections;
    private readonly IHolding _holding;
    private readonly LeaderLease _lease;
    private readonly NodeName _node;
    private readonly Signals _signals;
    private readonly Outages _outages;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LoopWatch.Pulse _pulse;
    private readonly Counter<long> _putBack;
    private (int Epoch, long Since)? _noticed;
    private volatile bool _isRecovering;

    public FailoverWatch(
        Database database,
        FailoverGuard guard,
        IEnumerable<IRecollection> recollections,
        IHolding holding,
        LeaderLease lease,
        NodeName node,
        Signals signals,
        LoopWatch loops,
        Outages outages,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<FailoverWatch> logger
    )
    {
        (_database, _guard, _recollections, _holding, _lease) = (database, guard, [.. recollections], holding, lease);
        (_node, _signals, _outages, _time, _logger) = (node, signals, outages, time, logger);
        _pulse = loops.Add("fail-over", TimeSpan.FromMinutes(1));
        var meter = meters.Create("Reminders");
        _putBack = meter.CreateCounter<long>(
            "reminders.failover.put_back",
            "{message}",
            "What this node remembered and the database had lost, by whether it could be put back."
        );
        meter.CreateObservableGauge(
            "reminders.failover.recovering",
            () => _isRecovering ? 1 : 0,
            "{recovery}",
            "Whether the database has stepped back and nothing is sent until that is put right."
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var rest = Soon;
            try
            {
                rest = await TurnAsync(stoppingToken) ? Soon : Between;
                _pulse.Beat();
                _outages.Works(What);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Back again, it may be another server: the sooner that is known the better.
                _outages.Failed(What, exception);
            }

            await Task.Delay(rest, _time, stoppingToken);
        }
    }

    /// <returns>Whether it has more to do soon.</returns>
    private async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var wasRecovering = _isRecovering;
        var row = await _guard.LookAsync(connection, cancellationToken);
        if (row.Epoch != _guard.Epoch && !await TryJoinAsync(row.Epoch, connection, cancellationToken))
        {
            return _isRecovering = true;
        }

        // Also what has ended only since.
        if (_noticed is { } noticed && noticed.Epoch == row.Epoch)
        {
            await PutBackAsync(row.Epoch, connection, cancellationToken);
        }

        if (row.Recovering)
        {
            _isRecovering = true;
            await ReportAsync(row.Epoch, connection, cancellationToken);
            await FinishAsync(row.Epoch, connection, cancellationToken);
            return true;
        }

        _isRecovering = false;
        if (wasRecovering)
        {
            LogOver(row.Epoch);
            _signals.OutboxWritten();
            _signals.Due.Set();
            return true; // the next look lets the node start again
        }

        return false;
    }

    private async Task<bool> TryJoinAsync(int epoch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_noticed is not { } noticed || noticed.Epoch != epoch)
        {
            _noticed = noticed = (epoch, _time.GetTimestamp());
        }

        if (_recollections.Any(one => one.IsBusy) && _time.GetElapsedTime(noticed.Since) < Gathering)
        {
            return false;
        }

        await PutBackAsync(epoch, connection, cancellationToken);
        await ReportAsync(epoch, connection, cancellationToken);
        await _guard.JoinAsync(epoch, cancellationToken);
        return true;
    }

    private async Task PutBackAsync(int epoch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (count, unplaced) = (0, 0);
        foreach (var recollection in _recollections)
        {
            var some = await recollection.PutBackAsync(epoch, cancellationToken);
            (count, unplaced) = (count + some.Count, unplaced + some.Unplaced);
        }

        if (count + unplaced == 0)
        {
            return;
        }

        _putBack.Add(count, new KeyValuePair<string, object?>("outcome", "put back"));
        _putBack.Add(unplaced, new KeyValuePair<string, object?>("outcome", "unplaced"));
        LogPutBack(count, unplaced);
        await using var write = _database
            .CreateCommand("UPDATE reminders.failover SET put_back = put_back + $2, unplaced = unplaced + $3 WHERE epoch = $1", connection)
            .With(epoch, count, unplaced);
        await write.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ReportAsync(int epoch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var report = _database
            .CreateCommand(Statement.Named("Failover/Sql/report.sql"), connection)
            .With(epoch, _node.Value, _guard.Beside, _recollections.Max(one => one.ForgottenUntil)?.UtcDateTime);
        await report.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task FinishAsync(int epoch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (
            await MissingAsync(epoch, connection, cancellationToken) is not { Names.Length: > 0 } missing
            || !await _lease.TakeAsync(Lease, TimeSpan.FromSeconds(30), cancellationToken)
        )
        {
            await EndAsync(epoch, regardless: false, (0, 0), connection, cancellationToken);
            return;
        }

        var names = string.Join(", ", missing.Names);
        var held = await _holding.HoldAsync(
            missing.FoundAt,
            // As much as a reason may have.
            names.Length > 600
                ? Reasons.Of("many_unheard", missing.Names.Length)
                : Reasons.Of("nodes_unheard", names),
            cancellationToken
        );
        LogHeld(names, held.Occurrences, held.Messages);
        await EndAsync(epoch, regardless: true, held, connection, cancellationToken);
        await _lease.ReleaseAsync(Lease, cancellationToken);
    }

    private async Task<(string[] Names, DateTimeOffset FoundAt)> MissingAsync(
        int epoch,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var ask = _database.CreateCommand(Statement.Named("Failover/Sql/missing.sql"), connection).With(epoch);
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetFieldValue<string[]>(0), reader.GetFieldValue<DateTimeOffset>(1))
            : ([], default);
    }

    private async Task EndAsync(
        int epoch,
        bool regardless,
        (long Occurrences, long Messages) held,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var end = _database
            .CreateCommand(Statement.Named("Failover/Sql/finish.sql"), connection)
            .With(epoch, regardless, held.Occurrences, held.Messages, Gathering);
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1103, LogLevel.Warning, "Put back {Count} that the database had lost; of {Unplaced} what they were for is lost itself")]
    private partial void LogPutBack(int count, int unplaced);

    [LoggerMessage(
        1104,
        LogLevel.Error,
        "{Nodes} ran before the fail-over, and what they sent is not known: held {Occurrences} reminders and {Messages} messages"
    )]
    private partial void LogHeld(string nodes, long occurrences, long messages);

    [LoggerMessage(1105, LogLevel.Warning, "The fail-over is recovered from (epoch {Epoch}); sending goes on")]
    private partial void LogOver(int epoch);
}
