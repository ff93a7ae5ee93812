using Npgsql;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Storage;

/// <summary>What only one node does at a time: a lease with a holder and an end, both in database time.</summary>
public sealed class Leaders(Postgres postgres)
{
    [Fact]
    public async Task Of_many_that_ask_at_once_one_leads()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        var taken = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ =>
                    Task.Run(() =>
                        new LeaderLease(new Database(source), new NodeName("n")).TakeAsync("x", TimeSpan.FromMinutes(1), default)
                    )
                )
        );
        Assert.Single(taken, true);
    }

    [Fact]
    public async Task The_holder_renews_another_waits_until_it_lets_go_or_runs_out()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        var (first, second) = (
            new LeaderLease(new Database(source), new NodeName("n")),
            new LeaderLease(new Database(source), new NodeName("n"))
        );
        var minute = TimeSpan.FromMinutes(1);
        Assert.True(await first.TakeAsync("x", minute, default));
        Assert.True(await first.TakeAsync("x", minute, default));
        Assert.False(await second.TakeAsync("x", minute, default));
        Assert.True(await second.TakeAsync("y", minute, default));

        await second.ReleaseAsync("x", default);
        Assert.False(await second.TakeAsync("x", minute, default));
        await first.ReleaseAsync("x", default);
        Assert.True(await second.TakeAsync("x", minute, default));

        await using (var runOut = source.CreateCommand("UPDATE reminders.lease SET held_until = now() - interval '1 second'"))
        {
            await runOut.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(await first.TakeAsync("x", minute, default));
        Assert.False(await second.TakeAsync("x", minute, default));
    }
}
