namespace Reminders.Integration.Tests.Support;

internal static class Duplicates
{
    /// <summary>The first incident report's question: was anybody told the same twice, and nothing allowed it?</summary>
    public static async Task NoneIn(Cluster cluster)
    {
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.told_twice WHERE reason IS NULL"));
    }
}
