using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Documents;

/// <summary>A page that a test writes and people review: REMINDERS_RENEW_DOCS=1 in the environment writes it anew.</summary>
internal static class WrittenPage
{
    public static async Task IsAsync(string written, string page)
    {
        var file = Repository.PathOf(page);
        if (Environment.GetEnvironmentVariable("REMINDERS_RENEW_DOCS") == "1")
        {
            await File.WriteAllTextAsync(file, written, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), written);
    }
}
