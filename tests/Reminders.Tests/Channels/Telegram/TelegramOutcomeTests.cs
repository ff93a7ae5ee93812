using Reminders.Channels;
using Reminders.Telegram;
using Reminders.Tests.Channels.Wire;

namespace Reminders.Tests.Channels.Telegram;

/// <summary>Each answer of the Bot API, over a real connection, and what it means for the message.</summary>
public sealed class TelegramOutcomeTests
{
    [Theory]
    [InlineData("Forbidden: bot was blocked by the user")]
    [InlineData("Forbidden: user is deactivated")]
    [InlineData("Forbidden: bot can't initiate conversation with a user")]
    [InlineData("Forbidden: bot was kicked from the group chat")]
    [InlineData("Forbidden: bot is not a member of the channel chat")]
    public async Task A_403_makes_the_recipient_unreachable(string description)
    {
        var result = Assert.IsType<SendResult.Unreachable>(await AnswerAsync(403, Error(403, description)));
        Assert.Contains(description, result.Detail);
        Assert.Null(result.MigratedTo);
    }

    [Theory]
    [InlineData("Bad Request: chat not found")]
    [InlineData("Bad Request: private chat not found")]
    [InlineData("Bad Request: PEER_ID_INVALID")]
    [InlineData("Bad Request: user is deactivated")]
    public async Task A_400_about_the_chat_makes_the_recipient_unreachable(string description) =>
        Assert.IsType<SendResult.Unreachable>(await AnswerAsync(400, Error(400, description)));

    [Fact]
    public async Task A_group_that_became_a_supergroup_is_unreachable_and_names_its_new_address()
    {
        var result = await AnswerAsync(
            400,
            Error(400, "Bad Request: group chat was upgraded to a supergroup chat", """{"migrate_to_chat_id":-1001234567890}""")
        );
        Assert.Equal("-1001234567890", Assert.IsType<SendResult.Unreachable>(result).MigratedTo);
    }

    [Theory]
    [InlineData("Bad Request: BUTTON_DATA_INVALID")]
    [InlineData("Bad Request: message is too long")]
    [InlineData("Bad Request: can't parse entities: unexpected end")]
    [InlineData("Bad Request: message is not modified: specified new message content …")]
    public async Task Any_other_400_on_a_send_is_rejected(string description) =>
        Assert.Contains(description, Assert.IsType<SendResult.Rejected>(await AnswerAsync(400, Error(400, description))).Detail);

    [Fact]
    public async Task An_edit_that_changes_nothing_is_sent_already()
    {
        var result = await AnswerAsync(400, Error(400, "Bad Request: message is not modified: specified new message content …"), Bot.Edit);
        Assert.Equal("77", Assert.IsType<SendResult.Sent>(result).ProviderMessageId);
    }

    [Theory]
    [InlineData("Bad Request: message to edit not found")]
    [InlineData("Bad Request: message can't be edited")]
    public async Task An_edit_of_a_message_that_is_gone_is_rejected(string description) =>
        Assert.IsType<SendResult.Rejected>(await AnswerAsync(400, Error(400, description), Bot.Edit));

    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(404, "Not Found")]
    [InlineData(404, "Not Found: method not found")]
    public async Task A_token_or_method_Telegram_does_not_know_breaks_the_channel(int code, string description) =>
        Assert.Contains(
            "Telegram:BotToken",
            Assert.IsType<SendResult.ChannelBroken>(await AnswerAsync(code, Error(code, description))).Detail
        );

    [Fact]
    public async Task A_409_is_not_delivered_and_is_the_channels() =>
        Assert.True(
            Assert
                .IsType<SendResult.NotDelivered>(await AnswerAsync(409, Error(409, "Conflict: terminated by other getUpdates request")))
                .Unanswered
        );

    [Theory]
    [InlineData("""{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}""", "", 7)]
    [InlineData(
        """{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}""",
        "Retry-After: 9\r\n",
        7
    )]
    [InlineData("""{"ok":false,"error_code":429,"description":"Too Many Requests"}""", "Retry-After: 9\r\n", 9)]
    [InlineData("""{"ok":false,"error_code":429,"description":"Too Many Requests"}""", "", 1)]
    [InlineData("""{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":-3}}""", "", 1)]
    [InlineData("""{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":0}}""", "", 1)]
    [InlineData("<html>slow down</html>", "Retry-After: 9\r\n", 9)]
    [InlineData("", "", 1)]
    public async Task A_429_of_a_person_says_how_long_and_not_whose_limit_it_was(string body, string headers, int seconds)
    {
        var result = Assert.IsType<SendResult.Throttled>(await AnswerAsync(429, body, headers: headers));
        Assert.Equal(TimeSpan.FromSeconds(seconds), result.Delay);
        Assert.Equal(ThrottleScope.Unknown, result.Scope);
    }

    [Theory]
    [InlineData("2000000000", "", 3600)]
    [InlineData("2147483648", "", 3600)]
    [InlineData("99999999999999999999", "", 3600)]
    [InlineData("1e300", "", 3600)]
    [InlineData("1e999", "", 3600)]
    [InlineData("\"2000000000\"", "", 3600)]
    [InlineData("\"30\"", "", 30)]
    [InlineData("1.5", "", 1.5)]
    [InlineData("-2000000000", "", 1)]
    [InlineData("null", "", 1)]
    [InlineData("\"soon\"", "", 1)]
    [InlineData("{}", "", 1)]
    [InlineData("null", "Retry-After: 2000000000\r\n", 3600)]
    [InlineData("null", "Retry-After: 99999999999999999999\r\n", 3600)]
    [InlineData("null", "Retry-After: -5\r\n", 1)]
    [InlineData("null", "Date: Wed, 25 Nov 2026 14:00:00 GMT\r\nRetry-After: Wed, 25 Nov 2026 14:00:20 GMT\r\n", 20)]
    [InlineData("null", "Date: Wed, 25 Nov 2026 14:00:00 GMT\r\nRetry-After: Sun, 25 Nov 2096 14:00:00 GMT\r\n", 3600)]
    [InlineData("null", "Date: Wed, 25 Nov 2026 14:00:00 GMT\r\nRetry-After: Wed, 25 Nov 2026 13:00:00 GMT\r\n", 1)]
    public async Task A_wait_that_nobody_could_mean_is_at_most_an_hour_and_at_least_a_second(
        string retryAfter,
        string headers,
        double seconds
    )
    {
        var body = $$$"""{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":{{{retryAfter}}}}}""";
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            Assert.IsType<SendResult.Throttled>(await AnswerAsync(429, body, headers: headers)).Delay
        );
    }

    [Fact]
    public void A_429_of_a_group_is_the_groups_own_limit()
    {
        var delivery = new Delivery("1", DeliveryOperation.Send, "-500", "Hello", []);
        var answer = new TelegramResult<SentMessage>.Error(429, "Too Many Requests: retry after 7", TimeSpan.FromSeconds(7), null);
        Assert.Equal(ThrottleScope.Recipient, Assert.IsType<SendResult.Throttled>(TelegramOutcome.Of(delivery, answer)).Scope);
    }

    [Theory]
    [InlineData(200, """{"ok":true}""")]
    [InlineData(200, """{"ok":true,"result":null}""")]
    [InlineData(200, """{"ok":true,"result":{}}""")]
    [InlineData(200, """{"ok":true,"result":true}""")]
    [InlineData(200, """{"ok":false}""")]
    [InlineData(200, """{"ok":false,"error_code":500,"description":"Internal Server Error"}""")]
    [InlineData(400, """{"ok":true,"result":{"message_id":77}}""")]
    [InlineData(429, """{"ok":true,"result":{"message_id":77}}""")]
    [InlineData(500, """{"ok":false,"error_code":400,"description":"Bad Request"}""")]
    [InlineData(200, """{"ok":true,"result":{"message_id":77}} trailing""")]
    public async Task An_answer_that_contradicts_itself_is_uncertain(int status, string body) =>
        Assert.IsType<SendResult.Uncertain>(await AnswerAsync(status, body));

    [Fact]
    public async Task A_message_or_edit_Telegram_takes_is_sent_under_its_id()
    {
        Assert.Equal(new SendResult.Sent("77"), await AnswerAsync(200, Bot.Accepted));
        Assert.Equal(new SendResult.Sent("77"), await AnswerAsync(200, Bot.Accepted, Bot.Edit));
    }

    private static string Error(int code, string description, string? parameters = null) =>
        $$"""{"ok":false,"error_code":{{code}},"description":"{{description}}"{{(parameters is null ? "" : $",\"parameters\":{parameters}")}}}""";

    private static async Task<SendResult> AnswerAsync(int status, string body, Delivery? delivery = null, string headers = "")
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(status, body, headers: headers));
        return await Bot.Sender(server.Url).SendAsync(delivery ?? Bot.Message, TestContext.Current.CancellationToken);
    }
}
