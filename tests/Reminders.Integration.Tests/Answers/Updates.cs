using Microsoft.Extensions.DependencyInjection;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Answers;

/// <summary>Rule 13: an update is stored once under its provider's id, and presses count in the order they came.</summary>
public sealed class Updates(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_same_update_a_hundred_times_at_once_on_two_nodes_is_stored_once_and_counted()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        cluster.AddStillNode();
        var update = new RawUpdate(
            71,
            """{"update_id":71,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"text":"hi"}}"""
        );
        var stored = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    Task.Run(() =>
                        cluster
                            .Nodes[i % 2]
                            .Services.GetRequiredService<UpdateStore>()
                            .StoreAsync(TelegramChannel.Name, [update.ToInbound()], default)
                    )
                )
        );
        Assert.Equal(1, stored.Sum());
        Assert.Equal("1 99", await cluster.ScalarAsync<string>("SELECT count(*) || ' ' || sum(repeats) FROM reminders.inbound_update"));
    }

    /// <summary>A press would be seen to have been answered before; a /start would be greeted a second time.</summary>
    [Fact]
    public async Task An_update_that_comes_again_after_it_was_handled_is_not_handled_again()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var store = cluster.AddStillNode().Services.GetRequiredService<UpdateStore>();
        await cluster.ProposeAsync(TimeSpan.FromDays(1));
        var code = await cluster.ScalarAsync<string>("SELECT start_code FROM reminders.recipient WHERE name = 'Anna'");
        var update = new RawUpdate(
            71,
            $$$"""{"update_id":71,"message":{"message_id":1,"date":1,"chat":{"id":1001,"type":"private"},"text":"/start {{{code}}}"}}"""
        );
        Assert.Equal(1, await store.StoreAsync(TelegramChannel.Name, [update.ToInbound()], default));
        Assert.Equal("start: Bound", (await cluster.SendAsync(new HandleNextUpdate()))?.Effect);
        Assert.Equal(0, await store.StoreAsync(TelegramChannel.Name, [update.ToInbound()], default));
        Assert.Null(await cluster.SendAsync(new HandleNextUpdate()));
    }

    /// <remarks>Each press edits the message. Where the first edit still waits, the second takes its place, which shows the same.</remarks>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task One_press_under_two_update_ids_has_one_effect(int slowSeconds)
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        cluster.Telegram.Faults.Add(new(FaultKind.Delay) { ChatId = 9001, Delay = TimeSpan.FromSeconds(slowSeconds) });
        var message = await RemindedAsync(cluster);
        cluster.Telegram.PressButton(1001, message.MessageId, 0, asTwoUpdates: true);
        await cluster.UntilAsync("SELECT count(*) = 2 FROM reminders.inbound_update WHERE state = 'handled'", Patience);
        Assert.Equal(
            "press: AlreadyConfirmed,press: Confirmed",
            await cluster.ScalarAsync<string>("SELECT string_agg(effect, ',' ORDER BY effect) FROM reminders.inbound_update")
        );
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0, Patience);
        await cluster.UntilAsync(
            "SELECT bool_and(state = 'sent' OR operation = 'edit' AND state = 'cancelled') FROM reminders.outbox",
            Patience
        );
        Assert.Single(cluster.Telegram.Record.MessagesTo(9001));
        Assert.True(await cluster.ScalarAsync<bool>("SELECT bool_or(state = 'sent') FROM reminders.outbox WHERE operation = 'edit'"));
    }

    [Fact]
    public async Task Presses_of_one_person_are_handled_in_the_order_they_came_on_whichever_node()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var message = await RemindedAsync(cluster);
        cluster.Telegram.PressButton(1001, message.MessageId, 0);
        cluster.Telegram.PressButton(1001, message.MessageId, 1);
        cluster.Telegram.PressButton(1001, message.MessageId, 0);
        await cluster.Telegram.Record.WaitForAsync(record => record.Answers.Count == 3, Patience);
        Assert.Equal(
            "Confirmed,Declined,DeclinedIsFinal",
            await cluster.ScalarAsync<string>("SELECT string_agg(effect, ',' ORDER BY id) FROM reminders.press")
        );
        await cluster.Telegram.Record.WaitForAsync(
            record => record.CurrentMessage(1001, message.MessageId)!.Text.Contains("can't make the interview", StringComparison.Ordinal),
            Patience
        );
        Assert.Empty(cluster.Telegram.Record.CurrentMessage(1001, message.MessageId)!.Buttons);
    }

    [Fact]
    public async Task What_cannot_be_an_update_is_refused_and_holds_up_nobody()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var message = await RemindedAsync(cluster);
        var store = cluster.Nodes[0].Services.GetRequiredService<UpdateStore>();
        await store.StoreAsync(
            TelegramChannel.Name,
            [new("1", "1001", """{"update_id":1,"callback_query":{"id":"","from":{"id":1001}}}""")],
            default
        );
        cluster.Telegram.PressButton(1001, message.MessageId, 0);
        await cluster.Telegram.Record.WaitForAsync(record => record.Answers.Count == 1, Patience);
        await cluster.UntilAsync(
            "SELECT effect LIKE 'refused: callback_query.id%' FROM reminders.inbound_update WHERE provider_id = '1'",
            Patience
        );
    }

    /// <summary>Kept whole it would be read again by every look at it; not kept at all, Telegram would give it again for ever.</summary>
    [Fact]
    public async Task An_update_longer_than_any_is_known_by_its_ids_and_those_beside_it_are_stored()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var store = cluster.AddStillNode().Services.GetRequiredService<UpdateStore>();
        Reminders.Channels.InboundUpdate Of(int id, int letters) =>
            new RawUpdate(
                id,
                $$$"""{"update_id":{{{id}}},"message":{"message_id":{{{id}}},"date":1,"chat":{"id":5,"type":"private"},"text":"{{{new string('x', letters)}}}"}}"""
            ).ToInbound();
        for (var times = 0; times < 2; times++)
        {
            await store.StoreAsync(TelegramChannel.Name, [Of(71, 5), Of(72, 2 * 1024 * 1024), Of(73, 5)], default);
        }

        Assert.Equal(
            ["71 received", "72 failed", "73 received"],
            await cluster.ScalarAsync<string[]>(
                "SELECT array_agg(provider_id || ' ' || state ORDER BY provider_id) FROM reminders.inbound_update"
            )
        );
        Assert.True(
            await cluster.ScalarAsync<bool>(
                "SELECT payload = '{}' AND repeats = 1 AND effect LIKE 'refused: the content could not be stored: it has "
                    + "20%' FROM reminders.inbound_update WHERE provider_id = '72'"
            )
        );
    }

    [Fact]
    public async Task An_empty_provider_id_cannot_be_stored()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            cluster.ExecuteAsync(
                "INSERT INTO reminders.inbound_update (source, provider_id, sender, payload) VALUES ('telegram', '', '', '{}')"
            )
        );
        Assert.Equal(Npgsql.PostgresErrorCodes.CheckViolation, refused.SqlState);
    }

    [Fact]
    public async Task An_update_whose_handling_fails_is_put_aside_and_the_next_persons_is_handled()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var message = await RemindedAsync(cluster);
        await cluster.ExecuteAsync(
            """
            CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.sender = '6' AND NEW.state = 'handled' THEN RAISE EXCEPTION 'poisoned'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER poison BEFORE UPDATE ON reminders.inbound_update FOR EACH ROW EXECUTE FUNCTION poison();
            """
        );
        cluster.Telegram.SendText(6, "hello");
        cluster.Telegram.PressButton(1001, message.MessageId, 0);
        await cluster.Telegram.Record.WaitForAsync(record => record.Answers.Count == 1, Patience);
        await cluster.UntilAsync("SELECT attempts > 0 AND due_at > received_at FROM reminders.inbound_update WHERE sender = '6'", Patience);
    }

    private static async Task<Lab.Telegram.SentMessage> RemindedAsync(Cluster cluster)
    {
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        return cluster.Telegram.Record.MessagesTo(1001)[0];
    }
}
