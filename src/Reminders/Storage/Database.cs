using Npgsql;

namespace Reminders.Storage;

/// <summary>
/// The engine's database: the connections a node works with and the names its schemas have. Everything that carries SQL
/// takes this instead of an <see cref="NpgsqlDataSource"/>, whose statements would miss the names; the compiler says so.
/// </summary>
public sealed class Database
{
    /// <summary>For tools and tests on a database with the default names.</summary>
    public Database(NpgsqlDataSource source) : this(source, SchemaNames.Default)
    {
    }

    internal Database(NpgsqlDataSource source, SchemaNames names) => (Source, Names) = (source, names);

    /// <summary>The connections themselves, for what has SQL of its own: EF Core.</summary>
    internal NpgsqlDataSource Source { get; }

    internal SchemaNames Names { get; }

    /// <summary>A statement on any connection, committed by itself.</summary>
    internal NpgsqlCommand CreateCommand(string sql)
    {
#pragma warning disable RS0030 // This is where the names are put in.
        return Source.CreateCommand(Names.In(sql));
#pragma warning restore RS0030
    }

    /// <summary>A statement on a connection, in its transaction if it has one.</summary>
    internal NpgsqlCommand CreateCommand(string sql, NpgsqlConnection connection) => Names.Command(sql, connection);

    internal ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken) => Source.OpenConnectionAsync(cancellationToken);
}
