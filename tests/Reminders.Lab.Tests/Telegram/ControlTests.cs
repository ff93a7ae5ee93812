using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Reminders.Lab.Tests.Telegram;

public sealed class ControlTests
{
    private static async Task<JsonElement> PostAsync(BotClient bot, string path, object? body = null, int status = 200)
    {
        using var response = await bot.Http.PostAsync("/sandbox/" + path, JsonContent.Create(body ?? new { }));
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    [Fact]
    public async Task A_candidate_can_be_played_over_http()
    {
        await using var bot = await BotClient.StartAsync();
        Assert.Equal("Started", (
                await PostAsync(
                    bot,
                    "chats",
                    new
                    {
                        chat_id = 3003,
                        first_name = "Ann",
                        language_code = "de",
                    }
                )
            ).GetProperty("state").GetString());
        await PostAsync(bot, "chats/3003/text", new { text = "/start" });
        var id = (await bot.SendAsync("Confirm?", BotClient.Buttons, 3003)).MessageId;
        var press = await PostAsync(
            bot,
            "chats/3003/press",
            new
            {
                message_id = id,
                button = 0,
                times = 2,
            }
        );
        Assert.Equal(2, press.GetProperty("presses").GetArrayLength());
        await PostAsync(
            bot,
            "chats/3003/press",
            new
            {
                message_id = id,
                data = "forged",
                as_user = 1001,
                as_two_updates = true,
            }
        );
        Assert.Equal(5, (await bot.UpdatesAsync()).Length);

        await PostAsync(bot, "chats/3003/block");
        Assert.Equal(403, (await bot.SendAsync(chat: 3003)).Status);
        await PostAsync(bot, "chats/3003/unblock");
        await bot.CallAsync(
            "editMessageText",
            new
            {
                chat_id = 3003,
                message_id = id,
                text = "Confirmed",
            }
        );

        var messages = await bot.Http.GetFromJsonAsync<JsonElement>("/sandbox/messages?chat=3003");
        var message = Assert.Single(messages.EnumerateArray());
        Assert.Equal(
            ("Confirm?", "Confirmed"),
            (message.GetProperty("text").GetString(), message.GetProperty("now").GetProperty("text").GetString())
        );
        Assert.Equal("y:1", message.GetProperty("buttons")[0].GetProperty("data").GetString());
    }

    [Fact]
    public async Task Faults_and_the_token_can_be_set_over_http_and_the_record_tells_of_it()
    {
        await using var bot = await BotClient.StartAsync();
        await PostAsync(
            bot,
            "faults",
            new object[]
            {
                new { kind = "dropReply", next = 1 },
                new
                {
                    kind = "Delay",
                    method = "getMe",
                    delay_ms = 5,
                    probability = 0.5,
                },
            }
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => bot.SendAsync());
        var record = await bot.Http.GetFromJsonAsync<JsonElement>("/sandbox/record");
        Assert.Equal(
            (1, "DropReply", true),
            (
                record.GetProperty("messages").GetInt32(),
                record.GetProperty("doubts")[0].GetProperty("fault").GetString(),
                record.GetProperty("doubts")[0].GetProperty("accepted").GetBoolean()
            )
        );
        Assert.Equal(1, record.GetProperty("calls").GetProperty("sendMessage").GetInt32());

        Assert.Equal(1, (await bot.Http.GetFromJsonAsync<JsonElement>("/sandbox/faults")).GetArrayLength());
        (await bot.Http.DeleteAsync("/sandbox/faults")).EnsureSuccessStatusCode();
        Assert.Empty(bot.Simulator.Faults.Rules);
        await PostAsync(bot, "token/revoke");
        Assert.Equal(401, (await bot.CallAsync("getMe")).Status);
        await PostAsync(bot, "token/restore");
        Assert.Equal(200, (await bot.CallAsync("getMe")).Status);
        (await bot.Http.DeleteAsync("/sandbox/record")).EnsureSuccessStatusCode();
        Assert.Equal((0, 0), (bot.Record.MessageCount, bot.Record.Doubts.Count));
    }

    [Theory]
    [InlineData("faults", """{"kind":"Earthquake"}""", "\"Earthquake\" is no kind of fault")]
    [InlineData("faults", """{"kind":"DropReply","nxet":1}""", "A fault rule has no \"nxet\"")]
    [InlineData("chats/abc/block", "{}", "\"abc\" is no chat id")]
    [InlineData("chats/9/block", "{}", "No chat 9 has been added")]
    [InlineData("chats/1001/press", """{"message_id":1}""", "Say what is pressed")]
    public async Task A_mistake_is_named(string path, string body, string detail)
    {
        await using var bot = await BotClient.StartAsync();
        var problem = await PostAsync(bot, path, JsonDocument.Parse(body).RootElement, 400);
        Assert.StartsWith(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_front_page_says_what_can_be_done()
    {
        await using var bot = await BotClient.StartAsync();
        Assert.Contains(bot.Simulator.Token, await bot.Http.GetStringAsync("/"));
        using var nowhere = await bot.Http.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
    }
}
