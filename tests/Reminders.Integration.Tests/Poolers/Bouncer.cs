using Reminders.Integration.Tests.Support;
using Reminders.Lab.Poolers;

namespace Reminders.Integration.Tests.Poolers;

/// <summary>A real PgBouncer before a cluster's database.</summary>
internal static class Bouncer
{
    /// <summary>Lets the cluster's nodes go through it, set up as the documentation says.</summary>
    public static async Task<LocalPgBouncer> BeforeAsync(Cluster cluster, string mode, int poolSize = 20)
    {
        var bouncer = await LocalPgBouncer.StartAsync(
            [cluster.ConnectionString],
            mode,
            poolSize,
            ct: TestContext.Current.CancellationToken
        );
        cluster.Set("ConnectionString", bouncer.Through(cluster.ConnectionString) + ";Maximum Pool Size=40");
        if (mode != "transaction")
        {
            return bouncer;
        }

        cluster.Set("Pooling", "Transaction");
        cluster.Set("DirectConnectionString", cluster.ConnectionString + ";Maximum Pool Size=20");
        return bouncer;
    }
}
