namespace Reminders.Integration.Tests.Support;

/// <summary>A bounded wait for a condition, checked often.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan patience, string what)
    {
        using var bound = new CancellationTokenSource(patience);
        while (!await condition())
        {
            if (bound.IsCancellationRequested)
                Assert.Fail($"Not within {patience}: {what}");
            await Task.Delay(Between, TestContext.Current.CancellationToken);
        }
    }
}
