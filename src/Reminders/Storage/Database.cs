using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>
/// The engine's database: the connections a node works with and the names its schemas have. Everything that carries SQL
/// takes this instead of an <see cref="NpgsqlDataSource"/>, whose statements would miss the names; the compiler says so.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private readonly bool _perTransaction;
    private readonly IReadOnlyList<IAsyncDisposable> _owned;
    private readonly (Connections Pooled, Connections Direct)? _strings;

    /// <summary>For tools and tests on a database with the default names.</summary>
    public Database(NpgsqlDataSource source) => (Source, Direct, Names, _owned) = (source, source, SchemaNames.Default, []);

    internal Database(
        SchemaNames names,
        Connections pooled,
        Connections? direct,
        bool perTransaction,
        DatabaseTrouble trouble,
        ILoggerFactory loggers
    )
    {
        (Names, _perTransaction, _strings) = (names, perTransaction, (pooled, direct ?? pooled));
        (Source, var owner) = pooled.Build(trouble, loggers);
        (Direct, _owned) = (Source, [owner]);
        if (direct is null)
        {
            return;
        }

        (Direct, var ownerOfDirect) = direct.Build(trouble, loggers);
        _owned = [owner, ownerOfDirect];
    }

    /// <summary>The connections themselves, for what has SQL of its own: EF Core.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>Connections that are sessions, whatever stands between: for Quartz.</summary>
    internal NpgsqlDataSource Direct { get; }

    internal SchemaNames Names { get; }

    internal (Connections Pooled, Connections Direct) Strings =>
        _strings ?? throw new InvalidOperationException("This database was not opened by its settings.");

    /// <summary>A statement on any connection, committed by itself.</summary>
    internal NpgsqlCommand CreateCommand(string sql)
    {
#pragma warning disable RS0030 // This is where the names are put in.
        return Source.CreateCommand(Names.In(sql));
#pragma warning restore RS0030
    }

    /// <summary>Several statements, each made by <see cref="SchemaNames.BatchCommand"/>, in one transaction of their own.</summary>
    internal NpgsqlBatch CreateBatch()
    {
#pragma warning disable RS0030 // The names are in its statements.
        return Source.CreateBatch();
#pragma warning restore RS0030
    }

    /// <summary>A statement on a connection, in its transaction if it has one.</summary>
    internal NpgsqlCommand CreateCommand(string sql, NpgsqlConnection connection) => Names.Command(sql, connection);

    internal ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        Source.OpenConnectionAsync(cancellationToken);

    /// <summary>A session of its own, for LISTEN and what else a pooler in transaction mode would take away.</summary>
    internal ValueTask<NpgsqlConnection> OpenDirectAsync(CancellationToken cancellationToken) =>
        Direct.OpenConnectionAsync(cancellationToken);

    /// <summary>
    /// Runs a batch whose commit outlives a crash of the server (rule 6), whatever that is set to. Behind a pooler in
    /// transaction mode the batch, which is one transaction, has to say so itself.
    /// </summary>
    /// <returns>At the first result of the batch as it was given.</returns>
    internal async Task<NpgsqlDataReader> ReadDurablyAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        if (!_perTransaction)
        {
            return await batch.ExecuteReaderAsync(cancellationToken);
        }

        batch.BatchCommands.Insert(0, Names.BatchCommand(SessionSettings.OfTransaction));
        var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return reader;
    }

    /// <summary>The same for a transaction that has just begun on a connection.</summary>
    internal async Task BeganAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_perTransaction)
        {
            return;
        }

        await using var settings = CreateCommand(SessionSettings.OfTransaction, connection);
        await settings.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var owner in _owned)
        {
            await owner.DisposeAsync();
        }
    }
}
