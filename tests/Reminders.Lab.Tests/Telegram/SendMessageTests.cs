using System.Net;
using System.Text;
using System.Text.Json;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Tests.Telegram;

public sealed class SendMessageTests
{
    private const long Chat = BotClient.Chat;

    [Fact]
    public async Task A_sent_message_comes_back_whole_and_is_on_record()
    {
        await using var bot = await BotClient.StartAsync();
        var answer = await bot.SendAsync("Привет", BotClient.Buttons);

        Assert.Equal(200, answer.Status);
        var message = answer.Result;
        Assert.Equal("Привет", message.GetProperty("text").GetString());
        Assert.Equal(Chat, message.GetProperty("chat").GetProperty("id").GetInt64());
        Assert.Equal("private", message.GetProperty("chat").GetProperty("type").GetString());
        Assert.Equal(
            (123456, true, "sandbox_bot"),
            (
                message.GetProperty("from").GetProperty("id").GetInt32(),
                message.GetProperty("from").GetProperty("is_bot").GetBoolean(),
                message.GetProperty("from").GetProperty("username").GetString()
            )
        );
        Assert.Equal(bot.Time.GetUtcNow().ToUnixTimeSeconds(), message.GetProperty("date").GetInt64());
        Assert.Equal(
            "y:1",
            message.GetProperty("reply_markup").GetProperty("inline_keyboard")[0][0].GetProperty("callback_data").GetString()
        );

        var sent = Assert.Single(bot.Record.MessagesTo(Chat));
        Assert.Equal((answer.MessageId, "Привет", false), (sent.MessageId, sent.Text, sent.ReplyDropped));
        Assert.Equal([new SimulatedButton("I confirm", "y:1"), new("I can't", "n:1")], sent.Buttons);
        Assert.Equal(1, bot.Record.Calls("sendMessage"));
    }

    [Fact]
    public async Task Arguments_may_come_as_query_form_multipart_or_json_and_the_method_in_any_case()
    {
        await using var bot = await BotClient.StartAsync();
        using var get = await bot.Http.GetAsync(bot.Url("SENDMESSAGE") + $"?chat_id={Chat}&text=a%20b");
        Assert.Equal("a b", (await Answer.ReadAsync(get)).Result.GetProperty("text").GetString());

        Dictionary<string, string> fields = new()
        {
            ["chat_id"] = Chat.ToString(),
            ["text"] = "form",
            ["reply_markup"] = """{"inline_keyboard":[[{"text":"ok","callback_data":"x"}]]}""",
        };
        using var form = new FormUrlEncodedContent(fields);
        Assert.Equal(200, (await bot.CallAsync("sendmessage", form)).Status);

        using var multipart = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            multipart.Add(new StringContent(value), name);
        }

        Assert.Equal(200, (await bot.CallAsync("sendMessage", multipart)).Status);
        using var json = new StringContent(
            $$"""{"chat_id":"{{Chat}}","text":"tab\tand \ud83d\ude00","reply_markup":"{\"inline_keyboard\":[[{\"text\":\"ok\",\"callback_data\":\"x\"}]]}"}""",
            Encoding.UTF8,
            "application/json"
        );
        Assert.Equal("tab\tand 😀", (await bot.CallAsync("sendMessage", json)).Result.GetProperty("text").GetString());
        Assert.Equal(3, bot.Record.Messages.Count(m => m.Buttons is [{ Label: "ok", Data: "x" }]));
    }

    [Fact]
    public async Task A_json_null_is_the_text_null_and_breaks_what_must_be_an_object()
    {
        await using var bot = await BotClient.StartAsync();
        Assert.Equal(
            "null",
            (await bot.CallAsync("sendMessage", new { chat_id = Chat, text = (string?)null })).Result.GetProperty("text").GetString()
        );
        (
            await bot.CallAsync(
                "sendMessage",
                new
                {
                    chat_id = Chat,
                    text = "x",
                    reply_markup = (string?)null,
                }
            )
        ).IsError(400, "Bad Request: object expected as reply markup");
        (
            await bot.CallAsync(
                "sendMessage",
                new
                {
                    chat_id = Chat,
                    text = "x",
                    parse_mode = (string?)null,
                }
            )
        ).IsError(400, "Bad Request: unsupported parse_mode");
        (
            await bot.CallAsync(
                "sendMessage",
                new
                {
                    chat_id = Chat,
                    text = "x",
                    reply_parameters = (string?)null,
                }
            )
        ).IsError(400, "Bad Request: object expected as reply parameters");
        (await bot.CallAsync("sendMessage", new { chat_id = (string?)null, text = "x" })).IsError(400, "Bad Request: chat not found");
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_complained_about_by_what_is_missing()
    {
        await using var bot = await BotClient.StartAsync();
        using var cut = new StringContent("""{"text":"half","chat_""", Encoding.UTF8, "application/json");
        (await bot.CallAsync("sendMessage", cut)).IsError(400, "Bad Request: chat_id is empty");
    }

    [Fact]
    public async Task Texts_are_measured_in_code_points_after_trimming()
    {
        await using var bot = await BotClient.StartAsync();
        (await bot.SendAsync("")).IsError(400, "Bad Request: message text is empty");
        (await bot.SendAsync(" \n ")).IsError(400, "Bad Request: text must be non-empty");
        (await bot.SendAsync(new string('x', 4097))).IsError(400, "Bad Request: message is too long");
        (await bot.SendAsync(new string('x', 40_000))).IsError(400, "Bad Request: text is too long");
        Assert.Equal(200, (await bot.SendAsync(string.Concat(Enumerable.Repeat("😀", 4096)))).Status);
        Assert.Equal("padded", (await bot.SendAsync("  padded\n")).Result.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Callback_data_has_one_to_sixty_four_bytes()
    {
        await using var bot = await BotClient.StartAsync();
        Task<Answer> With(string data) =>
            bot.SendAsync("x", new { inline_keyboard = new[] { new[] { new { text = "b", callback_data = data } } } });
        Assert.Equal(200, (await With(new string('d', 64))).Status);
        Assert.Equal(200, (await With(new string('я', 32))).Status);
        (await With(new string('d', 65))).IsError(400, "Bad Request: BUTTON_DATA_INVALID");
        (await With(new string('я', 33))).IsError(400, "Bad Request: BUTTON_DATA_INVALID");
        (await With("")).IsError(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    }

    [Theory]
    [InlineData("{", "can't parse reply keyboard markup JSON object")]
    [InlineData("[]", "object expected as reply markup")]
    [InlineData("""{"inline_keyboard":1}""", "field \"inline_keyboard\" must be of type Array")]
    [InlineData("""{"inline_keyboard":[{}]}""", "field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays")]
    [InlineData("""{"inline_keyboard":[[1]]}""", "can't parse inline keyboard button: InlineKeyboardButton must be an Object")]
    [InlineData("""{"inline_keyboard":[[{"callback_data":"x"}]]}""", "can't parse inline keyboard button: Can't find field \"text\"")]
    public async Task A_malformed_keyboard_is_named(string markup, string complaint)
    {
        await using var bot = await BotClient.StartAsync();
        (await bot.SendAsync("x", markup)).IsError(400, "Bad Request: " + complaint);
        Assert.Equal(0, bot.Record.MessageCount);
    }

    [Theory]
    [InlineData("HTML", "<b>Hi</b> <a href=\"http://x\">you</a> &lt;3 &amp;", "Hi you <3 &", null)]
    [InlineData("html", "<b>Hi", null, "Can't find end tag corresponding to start tag \"b\"")]
    [InlineData("HTML", "<b>Hi</i>", null, "Unmatched end tag at byte offset 5, expected \"</b>\", found \"</i>\"")]
    [InlineData("HTML", "я <blink>", null, "Unsupported start tag \"blink\" at byte offset 3")]
    [InlineData("HTML", "1 < 2", null, "Unclosed start tag at byte offset 2")]
    [InlineData("MarkdownV2", "*Hi* \\_you\\_ `a.b` [t](http://x)", "Hi _you_ a.b t", null)]
    [InlineData("MarkdownV2", "*Hi", null, "Can't find end of Bold entity at byte offset 0")]
    [InlineData("MarkdownV2", "12.00", null, "Character '.' is reserved and must be escaped with the preceding '\\'")]
    [InlineData("Markdown", "_Hi_ you", "Hi you", null)]
    [InlineData("Markdown", "a_b", null, "Can't find end of the entity starting at byte offset 1")]
    public async Task A_parse_mode_strips_its_marks_and_refuses_broken_ones(string mode, string text, string? plain, string? complaint)
    {
        await using var bot = await BotClient.StartAsync();
        var answer = await bot.CallAsync(
            "sendMessage",
            new
            {
                chat_id = Chat,
                text,
                parse_mode = mode,
            }
        );
        if (complaint is null)
        {
            Assert.Equal(plain, answer.Result.GetProperty("text").GetString());
        }
        else
        {
            answer.IsError(400, "Bad Request: can't parse entities: " + complaint);
        }
    }

    [Fact]
    public async Task Each_kind_of_unreachable_recipient_has_its_own_refusal()
    {
        await using var bot = await BotClient.StartAsync();
        var simulator = bot.Simulator;
        (await bot.SendAsync(chat: 9)).IsError(400, "Bad Request: chat not found");
        simulator.AddStranger(9);
        (await bot.SendAsync(chat: 9)).IsError(403, "Forbidden: bot can't initiate conversation with a user");
        simulator.SendText(9, "/start");
        Assert.Equal(200, (await bot.SendAsync(chat: 9)).Status);
        simulator.Block(9);
        (await bot.SendAsync(chat: 9)).IsError(403, "Forbidden: bot was blocked by the user");
        simulator.Unblock(9);
        Assert.Equal(200, (await bot.SendAsync(chat: 9)).Status);
        simulator.Deactivate(9);
        (await bot.SendAsync(chat: 9)).IsError(403, "Forbidden: user is deactivated");
        Assert.Equal(2, bot.Record.MessagesTo(9).Count);
    }

    [Fact]
    public async Task A_group_can_kick_the_bot_or_become_a_supergroup()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.AddChat(-5, "Team");
        bot.Simulator.Block(-5);
        (await bot.SendAsync(chat: -5)).IsError(403, "Forbidden: bot was kicked from the group chat");
        bot.Simulator.AddChat(-6, "Team");
        bot.Simulator.Migrate(-6, -1000000000006);
        var answer = await bot.SendAsync(chat: -6);
        answer.IsError(400, "Bad Request: group chat was upgraded to a supergroup chat");
        Assert.Equal(-1000000000006, answer.Body.GetProperty("parameters").GetProperty("migrate_to_chat_id").GetInt64());
        Assert.Equal("supergroup", (await bot.SendAsync(chat: -1000000000006)).Result.GetProperty("chat").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Chats_are_created_on_the_first_message_only_where_asked_for()
    {
        await using var bot = await BotClient.StartAsync(new() { AutoCreateChats = true, EnforceLimits = false });
        Assert.Equal(200, (await bot.SendAsync(chat: 77)).Status);
        (await bot.SendAsync(chat: -77)).IsError(400, "Bad Request: chat not found");
    }

    [Fact]
    public async Task A_wrong_token_is_unauthorized_a_malformed_one_not_found_and_so_is_an_unknown_method()
    {
        await using var bot = await BotClient.StartAsync();
        using var wrong = await bot.Http.GetAsync("/bot1:A/getMe");
        (await Answer.ReadAsync(wrong)).IsError(401, "Unauthorized");
        using var malformed = await bot.Http.GetAsync("/botabc/getMe");
        (await Answer.ReadAsync(malformed)).IsError(404, "Not Found");
        (await bot.CallAsync("sendPigeon")).IsError(404, "Not Found: method not found");
        bot.Simulator.RevokeToken();
        (await bot.SendAsync()).IsError(401, "Unauthorized");
        bot.Simulator.RestoreToken();
        Assert.Equal(200, (await bot.SendAsync()).Status);
        Assert.Equal(2, bot.Record.ErrorsByCode[401]);
    }

    [Fact]
    public async Task A_thousand_concurrent_sends_are_a_thousand_distinct_messages()
    {
        await using var bot = await BotClient.StartAsync(new() { AutoCreateChats = true, EnforceLimits = false });
        await Parallel.ForAsync(
            0,
            1000,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) => Assert.Equal(200, (await bot.SendAsync($"m{i}", chat: 1 + (i % 50))).Status)
        );
        var messages = bot.Record.Messages;
        Assert.Equal(1000, messages.Select(m => m.MessageId).Distinct().Count());
        Assert.Equal(1000, messages.Select(m => m.Text).Distinct().Count());
        Assert.Equal(20, bot.Record.MessagesTo(7).Count);
    }

    [Fact]
    public async Task What_libraries_call_at_their_start_is_answered()
    {
        await using var bot = await BotClient.StartAsync();
        Assert.Equal("sandbox_bot", (await bot.CallAsync("getMe")).Result.GetProperty("username").GetString());
        Assert.Equal(Chat, (await bot.CallAsync("getChat", new { chat_id = Chat })).Result.GetProperty("id").GetInt64());
        Assert.Equal(
            200,
            (await bot.CallAsync("setMyCommands", new { commands = new[] { new { command = "start", description = "Begin" } } })).Status
        );
        Assert.Equal("start", (await bot.CallAsync("getMyCommands")).Result[0].GetProperty("command").GetString());
        Assert.Equal(200, (await bot.CallAsync("deleteMyCommands")).Status);
        Assert.Equal(0, (await bot.CallAsync("getMyCommands")).Result.GetArrayLength());
        foreach (var method in (string[])["logOut", "close", "sendChatAction"])
        {
            Assert.Equal(JsonValueKind.True, (await bot.CallAsync(method, new { chat_id = Chat, action = "typing" })).Result.ValueKind);
        }

        Assert.Equal(HttpStatusCode.OK, (await bot.Http.GetAsync("/")).StatusCode);
    }
}
