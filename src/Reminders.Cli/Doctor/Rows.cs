using Npgsql;
using Reminders.Storage;

namespace Reminders.Cli.Doctor;

/// <summary>Reads the few rows a check looks at.</summary>
internal static class Rows
{
    public static async Task<List<T>> ReadAsync<T>(
        this Database database,
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = database.CreateCommand(sql).With(values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static async Task<long> CountAsync(
        this Database database,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    ) => (await database.ReadAsync(sql, reader => reader.GetInt64(0), cancellationToken, values))[0];
}
