using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Answers;

/// <summary>Rule 13: what makes two updates the same, and what becomes of one that cannot be kept.</summary>
public sealed class Identity(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>update_ids begin anew at random after a week without updates.</summary>
    [Fact]
    public async Task Under_one_update_id_another_press_another_message_and_another_block_are_news_and_the_same_are_repetitions()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var store = cluster.AddStillNode().Services.GetRequiredService<UpdateStore>();
        string[] updates =
        [
            """{"update_id":7,"callback_query":{"id":"41","from":{"id":5},"data":"x"}}""",
            """{"update_id":7,"callback_query":{"id":"42","from":{"id":5},"data":"x"}}""",
            """{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"text":"/stop"}}""",
            """{"update_id":7,"message":{"message_id":2,"date":1,"chat":{"id":5,"type":"private"},"text":"/stop"}}""",
            """{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":6,"type":"private"},"text":"/stop"}}""",
            """{"update_id":7,"my_chat_member":{"date":1,"chat":{"id":5},"from":{"id":5},"new_chat_member":{"status":"kicked"}}}""",
            """{"update_id":7,"my_chat_member":{"date":2,"chat":{"id":5},"from":{"id":5},"new_chat_member":{"status":"member"}}}""",
            """{"update_id":7,"poll":{"id":"1"}}""",
        ];
        InboundUpdate[] inbound = [.. updates.Select(update => new RawUpdate(7, update).ToInbound())];
        Assert.Equal(updates.Length, await store.StoreAsync(TelegramChannel.Name, inbound, default));
        Assert.Equal(0, await store.StoreAsync(TelegramChannel.Name, inbound, default));
        Assert.Equal(
            "1",
            await cluster.ScalarAsync<string>("SELECT string_agg(DISTINCT repeats::text, ',') FROM reminders.inbound_update")
        );
        foreach (var _ in updates)
        {
            Assert.NotNull(await cluster.SendAsync(new HandleNextUpdate()));
        }

        Assert.Null(await cluster.SendAsync(new HandleNextUpdate()));
    }

    [Fact]
    public async Task A_press_that_the_webhook_brings_under_an_update_id_seen_before_counts()
    {
        await using var node = await WebNode.StartAsync(postgres);
        await DeliverAsync(node, """{"update_id":7,"callback_query":{"id":"41","from":{"id":5},"data":"x"}}""");
        await DeliverAsync(node, """{"update_id":7,"callback_query":{"id":"42","from":{"id":5},"data":"x"}}""");
        await DeliverAsync(node, """{"update_id":7,"callback_query":{"id":"42","from":{"id":5},"data":"x"}}""");
        await Eventually.TrueAsync(
            () =>
                node.ScalarAsync<bool>(
                    "SELECT count(*) = 2 AND sum(repeats) = 1 AND bool_and(state = 'handled') FROM reminders.inbound_update"
                ),
            Patience,
            "two presses are handled"
        );
    }

    public static TheoryData<string> Unkeepable =>
        [
            """{"update_id":8,"message":{"message_id":1,"chat":{"id":5},"text":"hi"},"number":1e999999}""",
            """{"update_id":8,"message":{"message_id":1,"chat":{"id":5},"text":"hi"},"\ud83d":"a name that is no text"}""",
            """{"update_id":8,"message":{"message_id":1,"chat":{"id":5},"text":"\u0000\ud83d"}}""",
            """{"update_id":8,"callback_query":{"id":"LONG","from":{"id":5}}}""".Replace(
                "LONG",
                new('7', 100_000),
                StringComparison.Ordinal
            ),
            """{"update_id":8,"callback_query":{"id":"\u0000","from":{"id":5}}}""",
            """{"update_id":8,"my_chat_member":{"chat":{"id":5},"from":{"id":5},"new_chat_member":{"status":"LONG"}}}""".Replace(
                "LONG",
                new('s', 100_000),
                StringComparison.Ordinal
            ),
        ];

    [Theory]
    [MemberData(nameof(Unkeepable), DisableDiscoveryEnumeration = true)]
    public async Task An_update_that_cannot_be_kept_as_it_is_holds_up_none_of_its_batch(string update)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var store = cluster.AddStillNode().Services.GetRequiredService<UpdateStore>();
        using var json = System.Text.Json.JsonDocument.Parse($$$"""[{"update_id":7},{{{update}}},{"update_id":9}]""");
        var batch = UpdateBatch.Of([.. json.RootElement.EnumerateArray()]);
        Assert.Equal(10, batch.NextOffset);
        await store.StoreAsync(TelegramChannel.Name, [.. batch.Updates.Select(one => one.ToInbound())], default);
        Assert.Equal(
            ["7", "8", "9"],
            await cluster.ScalarAsync<string[]>("SELECT array_agg(provider_id ORDER BY provider_id) FROM reminders.inbound_update")
        );
        // Given again it is known, as far as it could be kept.
        await store.StoreAsync(TelegramChannel.Name, [.. batch.Updates.Select(one => one.ToInbound())], default);
        Assert.Equal(3, await cluster.ScalarAsync<long>("SELECT sum(repeats) FROM reminders.inbound_update"));
        while (await cluster.SendAsync(new HandleNextUpdate()) is not null) { }
        Assert.True(
            await cluster.ScalarAsync<bool>("SELECT bool_and(state <> 'received' AND length(effect) <= 1000) FROM reminders.inbound_update")
        );
    }

    [Theory]
    [InlineData("1e999999")]
    [InlineData("\"\\u0000\"")]
    public async Task The_webhook_takes_what_it_cannot_keep_so_that_Telegram_does_not_bring_it_for_ever(string value)
    {
        await using var node = await WebNode.StartAsync(postgres);
        await DeliverAsync(node, $$"""{"update_id":8,"callback_query":{"data":{{value}},"id":"1","from":{"id":5} } }""");
        Assert.Equal(1, await node.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update WHERE provider_id = '8'"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_taken_too()
    {
        await using var node = await WebNode.StartAsync(postgres);
        byte[] body = [.. """{"update_id":8,"message":{"message_id":1,"chat":{"id":5},"text":" """u8, 0xff, 0xc3, 0x28, .. "\"}}"u8];
        await DeliverAsync(node, new ByteArrayContent(body));
        Assert.Equal(1, await node.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update WHERE provider_id = '8'"));
    }

    /// <summary>The oldest comes first, so one whose row can neither be handled nor put aside stood before all others.</summary>
    [Fact]
    public async Task An_update_whose_row_takes_no_change_at_all_holds_up_nobody()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.ExecuteAsync(
            """
            CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.sender IN ('6', '7') THEN RAISE EXCEPTION 'poisoned'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER poison BEFORE UPDATE ON reminders.inbound_update FOR EACH ROW EXECUTE FUNCTION poison();
            """
        );
        cluster.Telegram.SendText(6, "hello");
        cluster.Telegram.SendText(7, "hello");
        for (var chat = 11; chat < 20; chat++)
        {
            cluster.Telegram.SendText(chat, "hello");
        }

        await cluster.UntilAsync("SELECT count(*) = 9 FROM reminders.inbound_update WHERE state = 'handled'", Patience);
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update WHERE state = 'received'"));
    }

    private static Task DeliverAsync(WebNode node, string update) => DeliverAsync(node, new StringContent(update));

    private static async Task DeliverAsync(WebNode node, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/telegram/webhook") { Content = content };
        request.Headers.TryAddWithoutValidation("X-Telegram-Bot-Api-Secret-Token", WebNode.WebhookSecret);
        Assert.Equal(200, (await node.SendAsync(request)).Status);
    }
}
