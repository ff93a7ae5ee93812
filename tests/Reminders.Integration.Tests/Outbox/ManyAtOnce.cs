using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Outbox.Operators;
using Reminders.Words;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>
/// One decision over many messages: those that were listed and no others, each judged by itself and once, whatever node dies and whoever
/// decides the same at the same time.
/// </summary>
public sealed class ManyAtOnce(Postgres postgres)
{
    private const string Kind = "CONFIRM_2H";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Those_that_were_listed_are_replayed_once_and_the_others_are_named_with_why()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await FillAsync(cluster, 45, "dead");
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET useful_until = now() - interval '1 minute' WHERE id % 5 = 0");
        await cluster.ExecuteAsync("UPDATE reminders.address SET state = 'unreachable' WHERE address = '1'");
        // One that died after they were listed.
        var listed = await NowAsync(cluster);
        await FillAsync(cluster, 1, "dead", from: 500);

        var begun = Done(await cluster.SendAsync(Replay(listed)));
        Assert.Equal(45, begun.Value.Total);
        await cluster.StartNodeAsync();
        await cluster.StartNodeAsync();
        var ended = await EndedAsync(cluster, begun.Value.Id);
        Assert.Equal((35, 10), (ended.Done, ended.Refused));
        var refusals = await RefusalsAsync(cluster, begun.Value.Id);
        Assert.Equal([9, 1], refusals.Select(refusal => refusal.Count));
        Assert.Contains("it was of use until …", Wording.English.Of(refusals[0].Said), StringComparison.Ordinal);
        Assert.Contains("the recipient is unreachable", Wording.English.Of(refusals[1].Said), StringComparison.Ordinal);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 35, Patience);
        Assert.Empty(cluster.Telegram.Record.MessagesTo(500));
        Assert.Equal(
            1,
            await cluster.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.audit WHERE action = 'outbox.bulk.replay' AND about = $1 AND reason = 'mended'",
                $"bulk {begun.Value.Id}"
            )
        );
        Assert.Equal(35, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.operator_action WHERE action = 'replayed'"));
    }

    [Fact]
    public async Task The_same_decided_by_several_at_once_is_done_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await FillAsync(cluster, 60, "dead");
        var listed = await NowAsync(cluster);
        var begun = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(() => cluster.SendAsync(Replay(listed), node: n % 2))));
        var done = 0L;
        foreach (var one in begun)
        {
            // Whoever came when all was decided found nothing to decide.
            if (one is Outcome<BulkStatus>.Done { Value: var status })
            {
                done += (await EndedAsync(cluster, status.Id)).Done;
            }
        }

        Assert.Equal(60, done);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 60, Patience);
        for (var chat = 1; chat <= 60; chat++)
        {
            Assert.Single(cluster.Telegram.Record.MessagesTo(chat));
        }
    }

    /// <summary>A step is one commit: what a node that has died had begun is begun again by another, and what it had ended is not.</summary>
    [Fact]
    public async Task Another_node_goes_on_where_one_has_died()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await FillAsync(cluster, 50, "uncertain");
        var begun = Done(
            await cluster.SendAsync(new BeginBulk("resend", new(Kind, null, null, null, await NowAsync(cluster)), "nobody answered"))
        );
        Assert.Equal(20, ((Outcome<BulkStep>.Done)await cluster.SendAsync(new StepBulk(begun.Value.Id, 20))).Value.Decided);
        // Killed within its second step: the database takes back what was not committed.
        await using (var died = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var transaction = await died.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var within = died.CreateCommand();
            within.CommandText = $"SELECT FROM reminders.bulk_action WHERE id = {begun.Value.Id} FOR UPDATE";
            await within.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var meanwhile = (Outcome<BulkStep>.Done)await cluster.SendAsync(new StepBulk(begun.Value.Id, 20));
            Assert.Equal((0, false), (meanwhile.Value.Decided, meanwhile.Value.Ended));
        }

        await cluster.StartNodeAsync();
        var ended = await EndedAsync(cluster, begun.Value.Id);
        Assert.Equal((50, 0), (ended.Done, ended.Refused));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 50, Patience);
        Assert.Equal(50, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE number = 1"));
    }

    [Fact]
    public async Task What_the_database_refuses_is_passed_over_and_the_others_are_decided()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await FillAsync(cluster, 25, "dead");
        await cluster.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN IF NEW.recipient_id = (SELECT recipient_id FROM reminders.address WHERE address = ''13'') AND NEW.number = 1
                   THEN RAISE ''not this one''; END IF; RETURN NEW; END';
            CREATE TRIGGER refuse BEFORE INSERT ON reminders.outbox FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        );
        var begun = Done(await cluster.SendAsync(Replay(await NowAsync(cluster))));
        await cluster.StartNodeAsync();
        var ended = await EndedAsync(cluster, begun.Value.Id);
        Assert.Equal((24, 1), (ended.Done, ended.Refused));
        Assert.Contains("not this one", Assert.Single(await RefusalsAsync(cluster, begun.Value.Id)).First, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_stopped_leaves_the_others_as_they_are()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await FillAsync(cluster, 30, "uncertain");
        var begun = Done(
            await cluster.SendAsync(new BeginBulk("lost", new(null, "telegram", null, null, await NowAsync(cluster)), "they said so"))
        );
        await cluster.SendAsync(new StepBulk(begun.Value.Id, 20));
        Assert.True(Done(await cluster.SendAsync(new StopBulk(begun.Value.Id))).Changed);
        Assert.False(Done(await cluster.SendAsync(new StopBulk(begun.Value.Id))).Changed);
        Assert.Equal(0, ((Outcome<BulkStep>.Done)await cluster.SendAsync(new StepBulk(begun.Value.Id, 20))).Value.Decided);
        Assert.Equal(10, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain'"));
        Assert.IsType<Outcome<BulkStatus>.NotFound>(await cluster.SendAsync(new StopBulk(begun.Value.Id + 1)));
    }

    [Fact]
    public async Task Nothing_that_matches_and_what_makes_no_sense_is_said_and_begins_nothing()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var now = TimeProvider.System.GetUtcNow();
        Assert.IsType<Outcome<BulkStatus>.Conflict>(await cluster.SendAsync(Replay(now)));
        Assert.Equal(["act"], Wrong(await cluster.SendAsync(new BeginBulk("burn", new(null, null, null, null, now), "r"))));
        Assert.Equal(["reason"], Wrong(await cluster.SendAsync(new BeginBulk("replay", new(null, null, null, null, now), null))));
        Assert.Equal(["ids"], Wrong(await cluster.SendAsync(new BeginBulk("replay", new(null, null, null, [], now), "r"))));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.bulk_action"));
    }

    private static string[] Wrong(Outcome<BulkStatus> outcome) => [.. Assert.IsType<Outcome<BulkStatus>.Invalid>(outcome).Errors.Keys];

    private static BeginBulk Replay(DateTimeOffset listed) => new("replay", new(Kind, "telegram", "chat not", null, listed), "mended");

    private static Outcome<T>.Done Done<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Done>(outcome);

    private static async Task<DateTimeOffset> NowAsync(Cluster cluster) =>
        new(await cluster.ScalarAsync<DateTime>("SELECT clock_timestamp()"));

    private static async Task<BulkStatus> EndedAsync(Cluster cluster, long id)
    {
        await cluster.UntilAsync($"SELECT ended_at IS NOT NULL FROM reminders.bulk_action WHERE id = {id}", Patience);
        return (await ReadAsync(cluster, actions => actions.FindAsync(id, default)))!;
    }

    private static Task<IReadOnlyList<BulkRefusal>> RefusalsAsync(Cluster cluster, long id) =>
        ReadAsync(cluster, actions => actions.RefusalsAsync(id, default));

    private static async Task<T> ReadAsync<T>(Cluster cluster, Func<BulkActions, Task<T>> read)
    {
        await using var scope = cluster.Nodes[0].Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<BulkActions>());
    }

    /// <summary>Reminders to the chats from a number on that came to nothing, or to nobody knows what.</summary>
    private static async Task FillAsync(Cluster cluster, int count, string state, int from = 1)
    {
        if (cluster.Nodes.Count == 0)
        {
            cluster.AddStillNode();
        }

        for (var chat = from; chat < from + count; chat++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(10), chat));
        }

        await cluster.ExecuteAsync(
            $"""
            WITH fired AS (
                UPDATE reminders.occurrence SET state = 'fired', fired_at = now(), fired_by = 'test'
                WHERE kind = '{Kind}' AND state = 'planned' RETURNING *)
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, settled_at,
                                          reason, send_started_at)
            SELECT id, kind, recipient_id, 'telegram', 'send', '{state}', now(), useful_until, clock_timestamp(), 'chat not found', now()
            FROM fired
            """
        );
    }
}
