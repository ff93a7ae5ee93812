namespace Reminders.Integration.Tests.Support;

internal static class Duplicates
{
    /// <summary>The two verification queries of the first incident report: neither may ever return a row.</summary>
    public static async Task NoneIn(Cluster cluster)
    {
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.duplicate_in_ledger"));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.duplicate_in_outbox"));
    }
}
