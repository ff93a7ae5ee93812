using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Commands;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Web.Console.Reads;

/// <summary>
/// A pool of the console's own: twenty open pages wait for each other, and neither sending nor a health probe for them. A page is read as
/// of one instant, and no statement of it takes longer than three seconds.
/// </summary>
internal sealed class ConsoleDatabase : IAsyncDisposable
{
    private const int Most = 8;
    private const string Part = "part";
    private const string Bounds =
        "SET LOCAL statement_timeout = '3s'; SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = on; "
        + "SET LOCAL random_page_cost = 1.1; SET TRANSACTION READ ONLY";

    private readonly Database _database;
    private readonly NpgsqlDataSource _source;
    private readonly IAsyncDisposable _owner;

    public ConsoleDatabase(Database database, InstallationName installation, DatabaseTrouble trouble, ILoggerFactory loggers)
    {
        _database = database;
        (_source, _owner) = database.Strings.Pooled.BuildBeside(installation.In("reminders console", " "), Most, trouble, loggers);
    }

    /// <summary>Everything that <paramref name="read"/> asks through <paramref name="transaction"/> is of one instant.</summary>
    public async Task<T> ReadAsync<T>(CommandTransaction transaction, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        return await transaction.RunAsync(
            connection,
            async () =>
            {
                await using var bounds = transaction.Command(Bounds);
                await bounds.ExecuteNonQueryAsync(cancellationToken);
                return await read();
            },
            cancellationToken,
            IsolationLevel.RepeatableRead
        );
    }

    /// <summary>
    /// A part that a page can do without. What takes longer than a statement may is left out, and the rest of the page stands.
    /// </summary>
    /// <returns>Null where it was left out.</returns>
    public static async Task<T?> PartAsync<T>(CommandTransaction transaction, Func<Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        T? part = null;
        return await PartAsync(transaction, (Func<Task>)(async () => part = await read()), cancellationToken) ? part : null;
    }

    /// <summary>The same for a part that its caller keeps.</summary>
    /// <returns>False where it was left out.</returns>
    public static async Task<bool> PartAsync(CommandTransaction transaction, Func<Task> read, CancellationToken cancellationToken)
    {
        var within = transaction.Current!;
        await within.SaveAsync(Part, cancellationToken);
        try
        {
            await read();
            await within.ReleaseAsync(Part, cancellationToken);
            return true;
        }
        catch (Exception exception) when (Faults.IsEnded(exception) && !cancellationToken.IsCancellationRequested)
        {
            await within.RollbackAsync(Part, cancellationToken);
            return false;
        }
    }

    /// <summary>The same for a part with a component of its own, which asks <see cref="Shown{T}.IsThere"/>.</summary>
    public static async Task PartAsync<T>(
        CommandTransaction transaction,
        Shown<T> shown,
        Func<Task<T>> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (await PartAsync(transaction, read, cancellationToken) is { } part)
        {
            shown.It = part;
        }
    }

    /// <summary>Another text whenever the outbox or the cluster has changed.</summary>
    public async Task<string> StampAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var read = _database.CreateCommand(WebStatement.Named("Console/Live/Sql/outbox-stamp.sql"), connection);
        return (string)(await read.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<IReadOnlyList<PauseNow>> PausesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var read = _database.CreateCommand(WebStatement.Named("Console/Reads/Sql/pauses.sql"), connection);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var pauses = new List<PauseNow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            pauses.Add(
                new(
                    reader.IsDBNull(0) ? null : reader.GetString(0),
                    reader.IsDBNull(1) ? null : reader.GetString(1),
                    reader.GetFieldValue<DateTimeOffset>(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetString(4),
                    reader.GetString(5)
                )
            );
        }

        return pauses;
    }

    public ValueTask DisposeAsync() => _owner.DisposeAsync();
}
