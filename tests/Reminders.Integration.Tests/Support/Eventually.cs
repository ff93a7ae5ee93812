namespace Reminders.Integration.Tests.Support;

/// <summary>A bounded wait for a condition, checked often.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);

    /// <param name="standing">Asked when it was in vain: what stands there instead.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan patience, string what, Func<Task<string>>? standing = null)
    {
        using var bound = new CancellationTokenSource(patience);
        while (!await condition())
        {
            if (bound.IsCancellationRequested)
            {
                Assert.Fail($"Not within {patience}: {what}{(standing is null ? "" : $"\n{await standing()}")}");
            }

            await Task.Delay(Between, TestContext.Current.CancellationToken);
        }
    }
}
