using Reminders.Integration.Tests.Support;
using Reminders.Testing.Postgres;

namespace Reminders.Integration.Tests.Poolers;

/// <summary>
/// <c>Host=a,b;Target Session Attributes=primary</c>: a primary with a synchronous standby is killed, the standby promoted,
/// and the same nodes go on with what had been committed.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FailOver(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nodes_go_on_with_the_promoted_standby_and_send_nothing_twice()
    {
        var folder = Path.Combine(ThrowAwayServer.Parent("reminders-tests"), Guid.NewGuid().ToString("N")[..12]);
        await using var primary = await LocalPostgres.StartAsync(
            new()
            {
                DataDirectory = folder + "-a",
                Temporary = true,
                Durable = false,
            },
            TestContext.Current.CancellationToken
        );
        await using var standby = await LocalPostgres.StartAsync(
            new()
            {
                DataDirectory = folder + "-b",
                Temporary = true,
                Durable = false,
                StandbyOf = primary,
            },
            TestContext.Current.CancellationToken
        );
        await ExecuteAsync(primary.ConnectionString, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await ExecuteAsync(primary.ConnectionString, "SELECT pg_reload_conf()");

        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.Set(
            "ConnectionString",
            primary.ConnectionString.Replace(
                "Host=127.0.0.1",
                $"Host=127.0.0.1:{standby.Port},127.0.0.1:{primary.Port}",
                StringComparison.Ordinal
            ) + ";Target Session Attributes=primary;Maximum Pool Size=30;Timeout=5"
        );
        cluster.Set("MigrateAtStart", "true");
        await cluster.StartNodeAsync();
        await cluster.StartNodeAsync();
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 1001));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience);
        var later = await cluster.ProposeAsync(TimeSpan.FromHours(1), 1002);
        await cluster.ApproveAsync(later);

        await primary.StopAsync(ShutdownMode.Immediate);
        await standby.PromoteAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 1003), node: 1);
                    return true;
                }
                catch (Exception exception) when (exception is Npgsql.NpgsqlException or InvalidOperationException)
                {
                    return false;
                }
            },
            Patience,
            "a booking is taken again"
        );
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1003).Count > 0, Patience);
        // Committed on the old primary, due on the new one.
        await ExecuteAsync(
            standby.ConnectionString,
            "UPDATE reminders.occurrence SET due_at = now() WHERE state = 'planned' AND kind = 'CONFIRM_2H'"
        );
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1002).Count > 0, Patience);
        Assert.All((long[])[1001, 1002, 1003], chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
    }

    private static Task ExecuteAsync(string connectionString, string sql) => Schemas.Installation.ExecuteAsync(connectionString, sql);
}
