namespace Reminders.Commands;

/// <summary>The one clock all nodes share.</summary>
internal static class DatabaseClock
{
    /// <summary>The start of the current transaction: every statement of one command sees the same now.</summary>
    public static async Task<DateTimeOffset> NowAsync(this CommandTransaction db, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT now()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }
}
