using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Schemas;

/// <summary>Two installations share a database: each has its schemas, and neither hears, fires or sends anything of the other.</summary>
public sealed class TwoInstallations(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The longest names too: PostgreSQL cuts at 63 bytes, without a word.</summary>
    [Theory]
    [InlineData("talks", "talks_quartz")]
    [InlineData("a123456789_123456789_123456789_123456789", "a123456789_123456789_123456789_12345678_")]
    public async Task Each_sends_its_own_only(string schema, string quartz)
    {
        await using var first = await Cluster.StartAsync(postgres, nodes: 0);
        await using var second = await Cluster.StartAsync(postgres, nodes: 0);
        // Both on the first one's database; the second brings its own Telegram.
        foreach (
            var (key, value) in ((string, string)[])
                [
                    ("ConnectionString", first.ConnectionString + ";Maximum Pool Size=40"),
                    ("Schema", schema),
                    ("QuartzSchema", quartz),
                    ("MigrateAtStart", "true"),
                ]
        )
        {
            second.Set(key, value);
        }

        await second.StartNodeAsync();
        await first.StartNodeAsync();
        await second.StartNodeAsync();

        // The same people's chats, the same ids in both ledgers.
        foreach (var cluster in (Cluster[])[first, second])
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromSeconds(2)));
        }

        foreach (var (cluster, name) in ((Cluster, string)[])[(first, "reminders"), (second, schema)])
        {
            await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience);
            cluster.Telegram.PressButton(1001, Assert.Single(cluster.Telegram.Record.MessagesTo(1001)).MessageId, 0, times: 2);
            await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0 && record.Answers.Count == 2, Patience);
            Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
            Assert.Equal(
                "confirmed 1",
                await first.ScalarAsync<string>(
                    $"""
                    SELECT string_agg(s.status || ' ' || s.id, ', ') FROM "{name}".subject s
                    """
                )
            );
            Assert.Equal(cluster.Nodes.Count, await first.ScalarAsync<long>($"""SELECT count(*) FROM "{name}".node"""));
        }
        Assert.Equal(
            $"reminders 1, {schema} 2",
            await first.ScalarAsync<string>(
                $"""
                SELECT string_agg(sched_name || ' ' || nodes, ', ' ORDER BY nodes) FROM (
                    SELECT sched_name, count(*) AS nodes FROM (
                        SELECT sched_name FROM quartz.qrtz_scheduler_state UNION ALL SELECT sched_name
                            FROM "{quartz}".qrtz_scheduler_state) n
                    GROUP BY 1) t
                """
            )
        );
    }

    [Fact]
    public async Task A_wake_up_of_one_is_not_the_others()
    {
        await using var first = await Cluster.StartAsync(postgres, nodes: 0);
        await using var second = await Cluster.StartAsync(postgres, nodes: 0);
        foreach (
            var (key, value) in ((string, string)[])
                [
                    ("ConnectionString", first.ConnectionString),
                    ("Schema", "talks"),
                    ("QuartzSchema", "talks_quartz"),
                    ("MigrateAtStart", "true"),
                ]
        )
        {
            second.Set(key, value);
        }

        var (one, other) = (await first.StartNodeAsync(), await second.StartNodeAsync());
        Assert.Equal(["LISTEN reminders_outbox", "LISTEN talks_outbox"], await Task.WhenAll(ListeningAsync(one), ListeningAsync(other)));
        Assert.Equal(0, await first.ScalarAsync<long>("SELECT count(*) FROM talks.lease l JOIN reminders.lease r ON r.holder = l.holder"));

        async Task<string> ListeningAsync(IHost node)
        {
            await Eventually.TrueAsync(() => Task.FromResult(node.Services.GetRequiredService<Signals>().Listening), Patience, "listens");
            return "LISTEN " + node.Services.GetRequiredService<Database>().Names.Channel(Signals.OutboxChannel);
        }
    }

    [Fact]
    public async Task The_schema_is_the_reviewed_one_under_another_name()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Installation.MigrateAsync(database, "talks", "talks_quartz");
        foreach (var (schema, usual) in ((string, string)[])[("talks", "reminders"), ("talks_quartz", "quartz")])
        {
            var rendered = await Storage.MigratedSchema.RenderAsync(database, schema);
            Assert.Equal(
                await Storage.MigratedSchema.RenderAsync(await postgres.CreateDatabaseAsync(), usual),
                rendered.Replace("talks_quartz", "quartz", StringComparison.Ordinal).Replace("talks", "reminders", StringComparison.Ordinal)
            );
        }

        // And so a node finds it: one that did not would never be ready.
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        Assert.Empty(
            (
                await Reminders.Storage.Schema.SchemaCheck.LookAsync(
                    connection,
                    new("talks", "talks_quartz"),
                    TestContext.Current.CancellationToken
                )
            ).Select(difference => difference.Says)
        );
    }
}
