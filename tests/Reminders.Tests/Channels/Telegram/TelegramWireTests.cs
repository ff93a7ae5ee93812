using Reminders.Channels;
using Reminders.Telegram;
using Reminders.Tests.Channels.Wire;
using Telegram.Bot.Requests;

namespace Reminders.Tests.Channels.Telegram;

/// <summary>What a delivery looks like on the wire, and what never gets there.</summary>
public sealed class TelegramWireTests
{
    private static CancellationToken Running => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_send_carries_the_chat_the_text_and_one_row_per_button_in_UTF8()
    {
        var request = await SentAsync(Bot.Message);
        Assert.Equal($"/bot{Bot.Token}/sendMessage", request.Path);
        // System.Text.Json escapes what is beyond the basic plane with every encoder; letters stay themselves.
        Assert.Equal(
            """{"chat_id":42,"text":"Собеседование в 14:00 \uD83D\uDE42","reply_markup":{"inline_keyboard":[[{"text":"I confirm","callback_data":"c:1"}],[{"text":"I can't make it","callback_data":"d:1"}]]}}""",
            request.Body
        );
        Assert.Equal(Bot.Message.Text, request.Json.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_buttons_data_stays_data_though_it_looks_like_a_link()
    {
        var request = await SentAsync(With("https://example.org/"));
        Assert.Contains(""""callback_data":"https://example.org/"""", request.Body);
    }

    [Fact]
    public async Task An_edit_without_buttons_names_the_message_and_leaves_the_keyboard_out()
    {
        var request = await SentAsync(Bot.Edit);
        Assert.EndsWith("/editMessageText", request.Path);
        Assert.Equal(77, request.Json.GetProperty("message_id").GetInt64());
        Assert.False(request.Json.TryGetProperty("reply_markup", out _));
    }

    [Fact]
    public async Task No_request_carries_a_null()
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, "{}"));
        using var client = Bot.Client(server.Url);
        await client.SendMessageAsync(new SendMessageRequest { ChatId = 1, Text = "text" }, Running);
        await client.EditMessageTextAsync(
            new EditMessageTextRequest
            {
                ChatId = 1,
                MessageId = 2,
                Text = "text",
            },
            Running
        );
        await client.EditMessageReplyMarkupAsync(new EditMessageReplyMarkupRequest { ChatId = 1, MessageId = 2 }, Running);
        await client.AnswerCallbackQueryAsync("q", null, Running);
        await client.GetUpdatesAsync(new GetUpdates(null, 0), Running);
        await client.SetWebhookAsync("https://example.org/", null, 40, Running);
        await client.DeleteWebhookAsync(Running);
        Assert.Equal(7, server.Requests.Length);
        Assert.All(server.Requests, request => Assert.DoesNotContain("null", request.Body));
    }

    [Fact]
    public async Task Every_call_is_a_POST_with_a_body_without_Expect_and_without_trace_headers()
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, "{}"));
        using var client = Bot.Client(server.Url);
        await client.GetMeAsync(Running);
        await client.GetWebhookInfoAsync(Running);
        await client.DeleteWebhookAsync(Running);
        Assert.All(
            server.Requests,
            request =>
            {
                Assert.StartsWith("POST ", request.Head);
                Assert.Equal("{}", request.Body);
                Assert.Contains("Content-Type: application/json", request.Head);
                Assert.DoesNotContain("Expect", request.Head, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("traceparent", request.Head, StringComparison.OrdinalIgnoreCase);
            }
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("@user")]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData(" 42")]
    [InlineData("99999999999999999999")]
    public async Task An_address_that_is_no_chat_id_is_rejected_by_name_before_the_wire(string address) =>
        Assert.Contains($"'{address}'", await RejectedAsync(Bot.Message with { Address = address }));

    [Fact]
    public async Task A_group_has_a_negative_chat_id() =>
        Assert.Equal(-100, (await SentAsync(Bot.Message with { Address = "-100" })).Json.GetProperty("chat_id").GetInt64());

    [Fact]
    public async Task A_text_of_4096_code_points_is_sent_and_one_more_is_rejected_by_length_before_the_wire()
    {
        var longest = string.Concat(Enumerable.Repeat("🙂", 4096)); // 8192 UTF-16 units
        Assert.Equal(longest, (await SentAsync(Bot.Message with { Text = longest })).Json.GetProperty("text").GetString());
        Assert.Contains("4097", await RejectedAsync(Bot.Message with { Text = longest + "x" }));
        Assert.Contains("empty", await RejectedAsync(Bot.Message with { Text = "" }));
    }

    [Fact]
    public async Task Callback_data_of_64_bytes_is_sent_and_one_more_is_rejected_before_the_wire()
    {
        string longest = new('ж', 32); // 64 bytes of UTF-8
        Assert.Contains(longest, (await SentAsync(With(longest))).Body);
        Assert.Contains("65 bytes", await RejectedAsync(With(longest + "x")));
        Assert.Contains("0 bytes", await RejectedAsync(With("")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("-7")]
    public async Task An_edit_without_a_message_id_is_rejected_before_the_wire(string? id) =>
        Assert.Contains($"'{id}'", await RejectedAsync(Bot.Edit with { ProviderMessageId = id }));

    private static Delivery With(string data) => Bot.Message with { Buttons = [new Button("Yes", data)] };

    private static async Task<ReceivedRequest> SentAsync(Delivery delivery)
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, Bot.Accepted));
        Assert.IsType<SendResult.Sent>(await Bot.Sender(server.Url).SendAsync(delivery, Running));
        return Assert.Single(server.Requests);
    }

    private static async Task<string> RejectedAsync(Delivery delivery)
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, Bot.Accepted));
        var result = Assert.IsType<SendResult.Rejected>(await Bot.Sender(server.Url).SendAsync(delivery, Running));
        Assert.Empty(server.Requests);
        return result.Detail;
    }
}
