using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>
/// Looks at every start whether what is set about a pooler is so. Found later it would be statements that meet another
/// client's, a listener that hears nothing, or a start that hangs.
/// </summary>
internal sealed partial class PoolingCheck(Database database, RemindersOptions options, ILogger<PoolingCheck> logger)
    : IHostedLifecycleService
{
    // A busy pooler in transaction mode gives a connection another session sooner or later, and an idle one at once.
    private const int Looks = 5;

    // In session mode a full pool lets the second connection wait, PgBouncer for two minutes.
    private const int Seconds = 5;

    // A database that is away is no reason not to start: everything here waits for it.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            LogNotLooked(OutsideText.Clean(exception.Message));
        }
    }

    /// <exception cref="SettingsException">The settings say something else than what answers.</exception>
    /// <exception cref="NpgsqlException">The database cannot be used.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (pooled, direct) = database.Strings;
        var found = await LookAsync(pooled, cancellationToken);
        if (options.Pooling is not Pooling.Transaction && found == Pooling.Transaction)
        {
            throw new SettingsException([
                $"Pooling is {options.Pooling?.ToString() ?? "not set"}, and at {pooled.Where} a pooler in transaction mode "
                    + $"answers. It {Faults.Remedy}",
            ]);
        }

        if (options.Pooling == Pooling.None && found == Pooling.Session)
        {
            throw new SettingsException([$"Pooling is None, and at {pooled.Where} a pooler answers. It should be Session, or left out."]);
        }

        if (direct != pooled && await LookAsync(direct, cancellationToken) == Pooling.Transaction)
        {
            throw new SettingsException([
                $"{direct.Setting} leads to {direct.Where}, where a pooler in transaction mode answers. It should go past "
                    + "the pooler, or to a pool in session mode.",
            ]);
        }
    }

    /// <summary>
    /// A pooler makes up the process id that it greets with, and one in transaction mode gives two connections the same
    /// session, or one connection two.
    /// </summary>
    internal static async Task<Pooling> LookAsync(Connections to, CancellationToken cancellationToken)
    {
        try
        {
            await using var first = await to.OpenBareAsync(cancellationToken);
            var session = await SessionAsync(first, cancellationToken);
            if (session == first.ProcessID)
            {
                return Pooling.None;
            }

            return await SharesAsync(first, session, to, cancellationToken) ? Pooling.Transaction : Pooling.Session;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ProtocolViolation)
        {
            // PgBouncer: "unsupported startup parameter: options".
            throw new SettingsException([
                $"{to.Setting}: the pooler at {to.Where} refuses it ({exception.MessageText}). It should give none of "
                    + "Options, Search Path and Timezone; what the engine needs of them it sets itself.",
            ]);
        }
    }

    private static async Task<bool> SharesAsync(NpgsqlConnection first, int session, Connections to, CancellationToken cancellationToken)
    {
        NpgsqlConnection second;
        try
        {
            second = await to.OpenBareAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            // No room for a second: in transaction mode the first would have made some.
            return false;
        }
        await using (second)
        {
            for (var look = 0; look < Looks; look++)
            {
                try
                {
                    if (await SessionAsync(second, cancellationToken) == session)
                    {
                        return true;
                    }
                }
                catch (NpgsqlException exception) when (exception.InnerException is TimeoutException)
                {
                    return false;
                }
                if (await SessionAsync(first, cancellationToken) != session)
                {
                    return true;
                }
            }
        }
        return false;
    }

    private static async Task<int> SessionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
#pragma warning disable RS0030 // No schema is named in it.
        await using var ask = new NpgsqlCommand("SELECT pg_backend_pid()", connection) { CommandTimeout = Seconds };
#pragma warning restore RS0030
        return (int)(await ask.ExecuteScalarAsync(cancellationToken))!;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1091, LogLevel.Warning, "Whether a pooler stands before the database could not be looked at: {Reason}")]
    private partial void LogNotLooked(string reason);
}
