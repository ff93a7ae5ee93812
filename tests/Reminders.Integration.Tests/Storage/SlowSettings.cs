using Npgsql;
using Reminders.Doctor;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Storage;

/// <summary>The doctor names what somebody has set so that it costs speed, and is silent of what PostgreSQL ships.</summary>
public sealed class SlowSettings(Postgres postgres)
{
    [Theory]
    [InlineData("log_statement", "'all'")]
    [InlineData("log_min_duration_statement", "0")]
    [InlineData("log_duration", "on")]
    [InlineData("enable_indexscan", "off")]
    [InlineData("enable_nestloop", "off")]
    public async Task What_is_set_to_be_slow_is_named(string name, string value)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        // The tests' own server may be set to be slow otherwise.
        Assert.DoesNotContain(name, (await LookAsync(cluster)).Says(), StringComparison.Ordinal);
        var database = await cluster.ScalarAsync<string>("SELECT current_database()::text");
        await cluster.ExecuteAsync($"ALTER DATABASE \"{database}\" SET {name} = {value}");
        var finding = await LookAsync(cluster);
        Assert.Equal(Health.Attention, finding.Health);
        Assert.Contains(name, finding.Says(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_database_can_set_for_itself_is_judged_the_same()
    {
        Assert.Equal(Health.Attention, ServerChecks.Judge(new Dictionary<string, string> { ["autovacuum"] = "off" }).Health);
        Assert.Equal(Health.Attention, ServerChecks.Judge(new Dictionary<string, string> { ["track_counts"] = "off" }).Health);
        var shipped = ServerChecks.Judge(new Dictionary<string, string> { ["autovacuum"] = "on", ["shared_buffers"] = "128MB" });
        Assert.Equal(Health.Good, shipped.Health);
        Assert.Contains("shared_buffers is 128MB", shipped.Says(), StringComparison.Ordinal);
    }

    // A session of its own: what is set for a database counts for those that begin after it.
    private static async Task<Finding> LookAsync(Cluster cluster)
    {
        await using var source = NpgsqlDataSource.Create($"{cluster.ConnectionString};Pooling=false");
        return await ServerChecks.SettingsAsync(new(source), TestContext.Current.CancellationToken);
    }
}
