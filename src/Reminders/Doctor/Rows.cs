using Npgsql;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>Reads the few rows a check looks at. How long it may take is its check's bound, and not the driver's.</summary>
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
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>How many there are and since when, of a statement that answers with <c>count(*), min(…)</c>.</summary>
    public static async Task<(long Count, DateTimeOffset? Since)> CountAsync(
        this Database database,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    ) => (await database.ReadAsync(sql, reader => (reader.GetInt64(0), reader.InstantOrNull(1)), cancellationToken, values))[0];

    public static DateTimeOffset? InstantOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
