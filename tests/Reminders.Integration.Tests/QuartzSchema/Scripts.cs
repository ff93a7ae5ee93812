using System.Reflection;
using Npgsql;

namespace Reminders.Integration.Tests.QuartzSchema;

/// <summary>The project's own scripts, as they are shipped inside Reminders.dll.</summary>
internal static class Scripts
{
    public static async Task ApplyAsync(string database, params string[] names)
    {
        foreach (var name in names)
        {
            await ExecuteAsync(database, Read(name));
        }
    }

    public static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>All rows, each as its columns' text, joined by a bar.</summary>
    public static async Task<IReadOnlyList<string>> AskAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(
                string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : reader.GetValue(i)))
            );
        }

        return rows;
    }

    private static string Read(string name)
    {
        using var stream =
            Assembly.Load("Reminders").GetManifestResourceStream($"quartz/{name}.sql")
            ?? throw new InvalidOperationException($"quartz/{name}.sql is not embedded in Reminders.dll.");
        return new StreamReader(stream).ReadToEnd();
    }
}
