using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Cli.Dedupe;

/// <summary>One connection for the whole run, and names that are safe to put into a statement.</summary>
internal static class Sql
{
    // NAMEDATALEN - 1; PostgreSQL cuts longer names silently, and what was looked up would not be what was made.
    private const int LongestName = 63;

    private static readonly NpgsqlCommandBuilder Quoting = new();

    public static string Quote(string identifier) => Quoting.QuoteIdentifier(identifier);

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name made of others, with a hash in place of what does not fit.</summary>
    public static string Fit(string name, string suffix)
    {
        if (Encoding.UTF8.GetByteCount(name + suffix) <= LongestName)
        {
            return name + suffix;
        }

        var hash = "_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        while (Encoding.UTF8.GetByteCount(name + hash + suffix) > LongestName)
        {
            name = name[..^1];
        }

        return name + hash + suffix;
    }

    /// <summary>What at least is left of a name, of up to four bytes a letter, when PostgreSQL appends <c>_ccnew</c> to it.</summary>
    public static string Start(string name) => name[..Math.Min(name.Length, (LongestName - 9) / 4)];

    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = new NpgsqlCommand(sql, connection).With(values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The session's lock on a table's clean-up; false when another session has it.</summary>
    public static async Task<bool> LockAsync(this NpgsqlConnection connection, long oid, CancellationToken cancellationToken) =>
        (
            await connection.ReadAsync(
                "SELECT pg_try_advisory_lock(hashtext('reminders dedupe'), $1::bigint::oid::int)",
                reader => reader.GetBoolean(0),
                cancellationToken,
                oid
            )
        )[0];

    public static async Task<long> CountAsync(
        this NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    ) => (await connection.ReadAsync(sql, reader => reader.GetInt64(0), cancellationToken, values))[0];
}
