using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Poolers;

/// <summary>
/// Rule 6: a commit that a crash of the server could take back makes a sent message pending again. The server is asked in
/// the middle of each deed that somebody outside relies on, while the role and the database are set to answer early.
/// </summary>
public sealed class DurableCommits(Postgres postgres)
{
    [Theory]
    [InlineData("none")]
    [InlineData("session")]
    [InlineData("transaction")]
    public async Task Are_synchronous_whatever_the_database_says(string mode)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await cluster.ExecuteAsync(
            """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$
            """
        );
        foreach (
            var (table, when) in ((string, string)[])[("subject", "INSERT OR UPDATE"), ("outbox", "UPDATE"), ("inbound_update", "INSERT")]
        )
        {
            await cluster.ExecuteAsync(
                $"""
                CREATE TABLE IF NOT EXISTS asked (deed text, answer text);
                CREATE OR REPLACE FUNCTION ask() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    INSERT INTO asked VALUES (TG_TABLE_NAME, current_setting('synchronous_commit')); RETURN NULL; END $$;
                CREATE TRIGGER ask AFTER {when} ON reminders.{table} FOR EACH ROW
                    {(table == "outbox" ? "WHEN (NEW.send_started_at IS NOT NULL)" : "")} EXECUTE FUNCTION ask()
                """
            );
        }
        await using var bouncer = mode == "none" ? null : await Bouncer.BeforeAsync(cluster, mode, poolSize: 2);
        var node = cluster.AddStillNode();
        var hand = new Hand(cluster, node);

        await hand.QueueAsync();
        await hand.ClaimAndStartAsync();
        await node
            .Services.GetRequiredService<UpdateStore>()
            .StoreAsync(TelegramChannel.Name, [new InboundUpdate("1", "1001", "{}")], TestContext.Current.CancellationToken);

        Assert.Equal(
            ["inbound_update on", "outbox on", "subject on"],
            await cluster.ScalarAsync<string[]>(
                "SELECT array_agg(DISTINCT deed || ' ' || answer ORDER BY deed || ' ' || answer) FROM asked"
            )
        );
    }

    /// <summary>A stand-by that must have applied a commit is more than on, and stays.</summary>
    [Fact]
    public async Task Are_not_made_weaker_than_the_database_asks_for()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await cluster.ExecuteAsync(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = remote_apply', current_database()); END $$"
        );
        var database = cluster.AddStillNode().Services.GetRequiredService<Reminders.Storage.Database>();
        await using var ask = database.CreateCommand("SHOW synchronous_commit");
        Assert.Equal("remote_apply", await ask.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
