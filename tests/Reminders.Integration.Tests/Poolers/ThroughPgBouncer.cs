using Microsoft.Extensions.DependencyInjection;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;

namespace Reminders.Integration.Tests.Poolers;

/// <summary>Nodes behind Debian's PgBouncer: a connection is a session there only in session mode.</summary>
public sealed class ThroughPgBouncer(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("session")]
    [InlineData("transaction")]
    public async Task Two_nodes_remind_once_and_take_the_press(string mode)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await using var bouncer = await Bouncer.BeforeAsync(cluster, mode, poolSize: 40);
        await using var nodes = await NodesAsync(cluster, 2);
        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(2));
        await cluster.ApproveAsync(booking, node: 1);

        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience);
        cluster.Telegram.PressButton(1001, Assert.Single(cluster.Telegram.Record.MessagesTo(1001)).MessageId, 0, times: 3);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0 && record.Answers.Count == 3, Patience);
        Assert.Equal(
            "confirmed",
            await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", booking.ToString())
        );
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }

    /// <summary>Five sessions of the server for forty connections: each statement meets a session that another client used.</summary>
    [Fact]
    public async Task Many_at_once_on_few_sessions_meet_nobody_elses_statements()
    {
        const int people = 60;
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await using var bouncer = await Bouncer.BeforeAsync(cluster, "transaction", poolSize: 5);
        await using var nodes = await NodesAsync(cluster, 2);
        for (var round = 0; round < 3; round++)
        {
            var first = 2000 + (round * people);
            var outcomes = await Task.WhenAll(
                Enumerable
                    .Range(first, people)
                    .Select(async chat =>
                        await cluster.ApproveAsync(
                            await cluster.ProposeAsync(TimeSpan.FromSeconds(1), chat, node: chat % 2),
                            node: chat % 2
                        )
                    )
            );
            Assert.All(outcomes, outcome => Assert.IsType<Outcome<BookingView>.Done>(outcome));
        }
        var chats = Enumerable.Range(2000, 3 * people).Select(chat => (long)chat).ToArray();
        await cluster.Telegram.Record.WaitForAsync(record => chats.All(chat => record.MessagesTo(chat).Count > 0), Patience);
        Assert.All(chats, chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
    }

    [Theory]
    [InlineData("session")]
    [InlineData("transaction")]
    public async Task A_wake_up_is_heard_without_polling(string mode)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ("Outbox:PollInterval", "01:00:00"));
        await using var bouncer = await Bouncer.BeforeAsync(cluster, mode, poolSize: 40);
        await using var nodes = await NodesAsync(cluster, 1);
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent')", Patience);
        var signals = cluster.Nodes[0].Services.GetRequiredService<Signals>();
        await Eventually.TrueAsync(() => Task.FromResult(signals.Listening), Patience, "the node listens");

        // As another node would write it; the next look of this one is an hour away.
        await cluster.ExecuteAsync(
            """
            WITH again AS (UPDATE reminders.outbox SET state = 'pending', due_at = now(), settled_at = NULL WHERE kind = 'CONFIRM_2H')
            SELECT pg_notify('reminders_outbox', '')
            """
        );
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 2, Patience);
    }

    /// <summary>Somebody turns the pooler's mode while nodes run. Each statement then meets whatever session is free.</summary>
    [Fact]
    public async Task A_mode_that_is_changed_under_a_running_node_is_said_with_the_setting_to_change()
    {
        var lines = new Lines();
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await using var bouncer = await Bouncer.BeforeAsync(cluster, "session", poolSize: 40);
        var node = await cluster.StartNodeAsync(services => services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(lines));
        await using var nodes = new Stopping(cluster);
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience);

        await bouncer.ChangeModeAsync("transaction");

        await Eventually.TrueAsync(() => Task.FromResult(lines.All.Any(IsSaid)), Patience, "it is said");
        Assert.DoesNotContain(lines.All, line => line.Contains("Is the setting ConnectionString right", StringComparison.Ordinal));
        Assert.Single(lines.All, line => line.StartsWith("The database fails", StringComparison.Ordinal));

        static bool IsSaid(string line) =>
            line.StartsWith("The database ", StringComparison.Ordinal)
            && line.Contains("Pooling is not Transaction, and a pooler in transaction mode answers", StringComparison.Ordinal)
            && line.Contains("DirectConnectionString", StringComparison.Ordinal);
    }

    private static async Task<Stopping> NodesAsync(Cluster cluster, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await cluster.StartNodeAsync();
        }

        return new(cluster);
    }

    /// <summary>Nodes leave before their pooler does.</summary>
    private sealed class Stopping(Cluster cluster) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var node in cluster.Nodes)
            {
                await node.StopAsync(CancellationToken.None);
            }
        }
    }
}
