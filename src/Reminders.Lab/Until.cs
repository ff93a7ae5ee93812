namespace Reminders.Lab;

/// <summary>A bounded wait for a condition that gives no signal, such as one of the database's.</summary>
internal static class Until
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    /// <returns>Whether it came true in time.</returns>
    public static async Task<bool> TrueAsync(Func<Task<bool>> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(patience);
        while (!await condition())
        {
            if (bound.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(Between, cancellationToken);
        }
        return true;
    }
}
