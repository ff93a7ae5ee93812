using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Failover;

/// <summary>
/// What this node knows of the server, and whether it may start anything there. It looks when a session is new to the pool, before
/// that is used for a start, and <see cref="FailoverWatch"/> looks every two seconds; in between the statements themselves ask
/// (may-start.sql). Who finds that the server has stepped back begins a recovery, which the epoch lets only one do.
/// </summary>
internal sealed partial class FailoverGuard
{
    /// <summary>How soon it is worth asking again, where a node may not start anything.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    private static readonly string Look = Statement.Named("Failover/Sql/look.sql");
    private static readonly string LookBlindly = Statement.Named("Failover/Sql/look-blindly.sql");

    private readonly Database _database;
    private readonly NodeName _node;
    private readonly FailoverOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _looking = new(1, 1);
    private NpgsqlLogSequenceNumber? _position;
    private bool _isBlind;
    private int? _joined;
    private long _sessions = 1;
    private long _looked;
    private volatile Pass? _pass;

    public FailoverGuard(Database database, NodeName node, FailoverOptions options, DatabaseTrouble trouble, ILogger<FailoverGuard> logger)
    {
        (_database, _node, _options, _logger) = (database, node, options, logger);
        trouble.Opened += () => Interlocked.Increment(ref _sessions);
    }

    /// <summary>The epoch that this node starts messages in.</summary>
    public int Epoch => _joined ?? 0;

    /// <summary>Who ran beside this node when it last looked at the server that it works with.</summary>
    public string[] Beside { get; private set; } = [];

    /// <summary>What it starts messages with; null while it may not. Costs nothing while there is no new session.</summary>
    public async ValueTask<Pass?> PassAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Interlocked.Read(ref _looked) != Interlocked.Read(ref _sessions))
        {
            await LookAsync(connection, cancellationToken);
        }

        return _pass;
    }

    /// <summary>Looks, and begins a recovery where the server has stepped back.</summary>
    public async Task<ClusterRow> LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            var sessions = Interlocked.Read(ref _sessions);
            var server = await ReadAsync(connection, cancellationToken);
            if (server.Row is null or { Timeline: null } && server.Timeline is not null)
            {
                await MakeRowAsync(server, connection, cancellationToken);
                server = await ReadAsync(connection, cancellationToken);
            }

            if (StepBack(server) is { } cause)
            {
                _pass = null;
                await OpenAsync(server, cause, connection, cancellationToken);
                server = await ReadAsync(connection, cancellationToken);
            }

            var row = server.Row!;
            // A node that has just begun has nothing to say.
            _joined ??= row.Epoch;
            if (row.Epoch != _joined || row.Recovering || server.IsElsewhere)
            {
                _pass = null;
                return row;
            }

            (_position, Beside) = (server.Position, server.Running);
            _pass = new(row.Epoch, _position);
            Interlocked.Exchange(ref _looked, sessions);
            return row;
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>This node has said to the epoch what it remembers.</summary>
    public async Task JoinAsync(int epoch, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        (_joined, _position) = (epoch, null);
        _looking.Release();
    }

    private string? StepBack(ServerState server) =>
        server switch
        {
            { IsElsewhere: true, Row: var row } when server.System != row!.System => Reasons.Of(
                "system_changed",
                row.System,
                row.Timeline,
                server.System,
                server.Timeline
            ),
            { IsElsewhere: true } => Reasons.Of("timeline_changed", server.Row!.Timeline, server.Timeline),
            { Row.Epoch: var epoch, Position: { } now } when epoch == _joined && _position is { } before && now < before => Reasons.Of(
                "log_went_back",
                before,
                now
            ),
            _ => null,
        };

    private async Task<ServerState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_isBlind)
        {
            try
            {
                return await ServerState.ReadAsync(_database, Look, connection, cancellationToken);
            }
            catch (PostgresException refusal) when (refusal.SqlState is "0A000" or "42501" or "42883")
            {
                _isBlind = true;
                LogBlind(refusal.SqlState);
            }
        }

        return await ServerState.ReadAsync(_database, LookBlindly, connection, cancellationToken);
    }

    private async Task MakeRowAsync(ServerState server, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var make = _database
            .CreateCommand(
                """
                INSERT INTO reminders.cluster AS c (system, timeline) VALUES ($1, $2)
                ON CONFLICT (id) DO UPDATE SET system = excluded.system, timeline = excluded.timeline WHERE c.timeline IS NULL
                """,
                connection
            )
            .With(server.System, server.Timeline);
        await make.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task OpenAsync(ServerState server, string cause, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var open = _database
            .CreateCommand(Statement.Named("Failover/Sql/open.sql"), connection)
            .With(server.Row!.Epoch, server.System, server.Timeline, cause, _node.Value, _options.WaitForNodes);
        if (await open.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            LogFound(Wording.English.Reason(cause)!);
        }
    }

    [LoggerMessage(
        1101,
        LogLevel.Error,
        "The database has stepped back ({Cause}): commits may be lost. Nothing is sent until the nodes have put back what they remember"
    )]
    private partial void LogFound(string cause);

    [LoggerMessage(
        1102,
        LogLevel.Warning,
        "The server does not say which one it is and how far its log goes ({SqlState}): a fail-over that loses commits is not noticed"
    )]
    private partial void LogBlind(string sqlState);
}
