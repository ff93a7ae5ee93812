using Reminders.Telegram;
using Reminders.Tests.Channels.Wire;
using Telegram.Bot.Requests;

namespace Reminders.Tests.Channels.Telegram;

public sealed class TelegramClientTests
{
    private static CancellationToken Running => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Polled_updates_keep_their_JSON_and_one_without_an_id_does_not_hold_up_the_others()
    {
        const string press = """{"update_id":12,"callback_query":{"id":"7","from":{"id":1},"data":"c:1"}}""";
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(200, $$$"""{"ok":true,"result":[{"update_id":11},{"message":{}},{{{press}}}]}""")
        );
        using var client = Bot.Client(server.Url);
        var result = Assert.IsType<TelegramResult<UpdateBatch>.Ok>(
            await client.GetUpdatesAsync(new GetUpdates(10, 0, allowedUpdates: TelegramUpdate.Kinds), Running)
        );
        Assert.Equal([new RawUpdate(11, """{"update_id":11}"""), new RawUpdate(12, press)], result.Value.Updates);
        Assert.Equal("update_id", Assert.Single(result.Value.Refused).Field);
        Assert.Equal(13, result.Value.NextOffset);
        Assert.Equal(
            """{"offset":10,"timeout":0,"allowed_updates":["message","callback_query","my_chat_member"]}""",
            Assert.Single(server.Requests).Body
        );
    }

    /// <summary>A press brings its message and that the one it replies to, entities, buttons and all.</summary>
    [Fact]
    public async Task A_hundred_updates_as_large_as_they_come_are_taken_and_more_than_that_are_not()
    {
        foreach (var kilobytes in (int[])[150, 170])
        {
            string text = new('x', kilobytes * 1024);
            var updates = string.Join(
                ',',
                Enumerable.Range(1, 100).Select(id => $$$"""{"update_id":{{{id}}},"message":{"text":"{{{text}}}"}}""")
            );
            await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, $$"""{"ok":true,"result":[{{updates}}]}"""));
            using var client = Bot.Client(server.Url);
            var result = await client.GetUpdatesAsync(new GetUpdates(1, 0), Running);
            Assert.Equal(kilobytes == 150 ? 100 : null, (result as TelegramResult<UpdateBatch>.Ok)?.Value.Updates.Count);
        }
    }

    [Fact]
    public async Task A_poll_that_somebody_else_took_over_is_a_409()
    {
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(409, """{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}""")
        );
        using var client = Bot.Client(server.Url);
        Assert.Equal(
            409,
            Assert.IsType<TelegramResult<UpdateBatch>.Error>(await client.GetUpdatesAsync(new GetUpdates(1, 0), Running)).Code
        );
    }

    [Fact]
    public async Task A_poll_may_be_held_open_for_its_own_timeout_on_top_of_the_send_timeout()
    {
        // The send timeout alone would have ended it: the answer comes after four of them.
        var timeout = TimeSpan.FromMilliseconds(100);
        await using var server = ScriptedServer.Start(async exchange =>
        {
            await Task.Delay(timeout * 4, exchange.Closing);
            await exchange.ReplyAsync(200, """{"ok":true,"result":[]}""");
        });
        using var client = Bot.Client(server.Url, timeout);
        var result = Assert.IsType<TelegramResult<UpdateBatch>.Ok>(await client.GetUpdatesAsync(new GetUpdates(1, 5), Running));
        Assert.Null(result.Value.NextOffset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_without_parameters_arrives_once_on_a_reused_connection_too(bool reset)
    {
        await using var server = ScriptedServer.Start(async exchange =>
        {
            if (exchange.Number == 0)
            {
                await exchange.ReplyAsync(200, """{"ok":true,"result":{"id":5,"is_bot":true,"username":"remind_bot"}}""");
            }
            else if (reset)
            {
                exchange.Reset();
            }
            else
            {
                exchange.Cut();
            }
        });
        using var client = Bot.Client(server.Url);
        Assert.Equal("remind_bot", Assert.IsType<TelegramResult<BotUser>.Ok>(await client.GetMeAsync(Running)).Value.Username);
        Assert.IsType<TelegramResult<BotUser>.Unknown>(await client.GetMeAsync(Running));
        Assert.Equal(2, server.Requests.Length);
    }

    [Fact]
    public async Task Booleans_and_webhook_information_are_read()
    {
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(
                200,
                exchange.Request.Path.EndsWith("Info")
                    ? """{"ok":true,"result":{"url":"","pending_update_count":3,"has_custom_certificate":false,"unknown":{}}}"""
                    : """{"ok":true,"result":true}"""
            )
        );
        using var client = Bot.Client(server.Url);
        Assert.True(Assert.IsType<TelegramResult<bool>.Ok>(await client.AnswerCallbackQueryAsync("1", null, Running)).Value);
        Assert.Equal(3, Assert.IsType<TelegramResult<WebhookInfo>.Ok>(await client.GetWebhookInfoAsync(Running)).Value.PendingUpdateCount);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    public async Task An_empty_result_is_neither_message_0_nor_bot_0_nor_a_webhook_that_was_set(string result)
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, $$"""{"ok":true,"result":{{result}}}"""));
        using var client = Bot.Client(server.Url);
        Assert.IsType<TelegramResult<SentMessage>.Unknown>(await client.SendMessageAsync(new() { ChatId = 1, Text = "x" }, Running));
        Assert.IsType<TelegramResult<BotUser>.Unknown>(await client.GetMeAsync(Running));
        Assert.IsType<TelegramResult<WebhookInfo>.Unknown>(await client.GetWebhookInfoAsync(Running));
        Assert.IsType<TelegramResult<bool>.Unknown>(await client.SetWebhookAsync("https://example.org/", null, 40, Running));
    }

    [Fact]
    public async Task What_the_library_cannot_read_in_a_message_does_not_make_a_doubt_of_it()
    {
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(
                200,
                """{ "ok" : true, "result" : {"message_id":77,"date":"soon","chat":7,"entities":[{"type":{}}],"text":"\ud83d"}}"""
            )
        );
        using var client = Bot.Client(server.Url);
        var sent = Assert.IsType<TelegramResult<SentMessage>.Ok>(await client.SendMessageAsync(new() { ChatId = 1, Text = "x" }, Running));
        Assert.Equal(77, sent.Value.MessageId);
    }

    [Fact]
    public async Task One_update_that_nobody_can_read_does_not_hold_up_the_batch()
    {
        byte[] batch =
        [
            .. """{"ok":true,"result":[{"update_id":11,"message":{"chat":{"type":7},"text":"\ud83d """u8,
            0xff,
            .. "\"}},{\"update_id\":12}]}"u8,
        ];
        await using var server = ScriptedServer.Start(async exchange =>
        {
            await exchange.RawAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {batch.Length}\r\n\r\n");
            await exchange.Client.GetStream().WriteAsync(batch);
        });
        using var client = Bot.Client(server.Url);
        var result = Assert.IsType<TelegramResult<UpdateBatch>.Ok>(await client.GetUpdatesAsync(new GetUpdates(null, 0), Running));
        Assert.Equal(13, result.Value.NextOffset);
        Assert.All(result.Value.Updates, update => update.ToInbound());
    }

    [Fact]
    public async Task A_Bot_API_below_a_path_is_found_there()
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, Bot.Accepted));
        using var client = Bot.Client(new Uri(server.Url, "proxy/telegram/"));
        await client.SendMessageAsync(new() { ChatId = 1, Text = "x" }, Running);
        Assert.Equal($"/proxy/telegram/bot{Bot.Token}/sendMessage", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task A_webhook_for_kinds_of_updates_nobody_knows_is_read()
    {
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(200, """{"ok":true,"result":{"url":"https://example.org/","allowed_updates":["message","telepathy"]}}""")
        );
        using var client = Bot.Client(server.Url);
        var info = Assert.IsType<TelegramResult<WebhookInfo>.Ok>(await client.GetWebhookInfoAsync(Running));
        Assert.False(info.Value.AllowedUpdates!.ToHashSet().SetEquals(TelegramUpdate.Kinds));
    }

    [Fact]
    public async Task A_hundred_messages_at_once_keep_their_own_texts()
    {
        // The bodies share pooled buffers and a writer per thread: a mix-up would send one person another's text.
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(200, $$$"""{"ok":true,"result":{"message_id":{{{exchange.Request.Json.GetProperty("chat_id")}}}}}""")
        );
        using var client = Bot.Client(server.Url);
        await Parallel.ForAsync(
            1,
            101,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Running },
            async (chat, stop) =>
            {
                var result = await client.SendMessageAsync(new SendMessageRequest { ChatId = chat, Text = Text(chat) }, stop);
                Assert.Equal(chat, Assert.IsType<TelegramResult<SentMessage>.Ok>(result).Value.MessageId);
            }
        );
        Assert.Equal(100, server.Requests.Length);
        Assert.All(
            server.Requests,
            request => Assert.Equal(Text(request.Json.GetProperty("chat_id").GetInt32()), request.Json.GetProperty("text").GetString())
        );

        static string Text(int chat) => string.Join(' ', Enumerable.Repeat($"Напоминание {chat}", chat));
    }
}
