using Npgsql;

namespace Reminders.Integration.Tests.Support;

/// <summary>What a test asks a database, and what it does to one.</summary>
internal static class Queries
{
    public static async Task<T> ScalarAsync<T>(this NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = Command(database, sql, values);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public static async Task ExecuteAsync(this NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = Command(database, sql, values);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string sql, object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
