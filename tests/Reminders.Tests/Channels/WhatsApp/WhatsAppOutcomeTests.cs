using Reminders.Channels;

namespace Reminders.Tests.Channels.WhatsApp;

/// <summary>Each answer of the Cloud API, over a real connection, and what it means for the message.</summary>
public sealed class WhatsAppOutcomeTests
{
    [Theory]
    [InlineData(131056, ThrottleScope.Recipient, 6)]
    [InlineData(130429, ThrottleScope.Channel, 1)]
    [InlineData(4, ThrottleScope.Channel, 60)]
    [InlineData(80007, ThrottleScope.Channel, 60)]
    public async Task A_limit_is_waited_for_by_whom_it_concerns(int code, ThrottleScope scope, int seconds)
    {
        var throttled = Assert.IsType<SendResult.Throttled>((await Business.AnswerAsync(400, Business.Error(code))).Result);
        Assert.Equal((scope, TimeSpan.FromSeconds(seconds)), (throttled.Scope, throttled.Delay));
        Assert.Contains($"{code} (#{code}) Something: More of it", throttled.Detail);
    }

    [Fact]
    public async Task A_limit_of_Metas_with_an_absurd_wait_is_waited_for_an_hour_at_most() =>
        Assert.Equal(
            TimeSpan.FromHours(1),
            Assert
                .IsType<SendResult.Throttled>(
                    (await Business.AnswerAsync(400, Business.Error(130429), headers: "Retry-After: 2000000000\r\n")).Result
                )
                .Delay
        );

    [Theory]
    [InlineData(200, """{"id":"1555000"}""", true)]
    [InlineData(400, """{"error":{"message":"(#100) Unsupported get request","code":100}}""", true)]
    [InlineData(403, """{"error":{"message":"(#10) No permission to look at the number","code":10}}""", true)]
    [InlineData(401, """{"error":{"message":"Invalid token","code":190}}""", false)]
    [InlineData(400, """{"error":{"message":"(#368) Blocked","code":368}}""", false)]
    [InlineData(500, """{"error":{"message":"(#131016) Overloaded","code":131016}}""", false)]
    [InlineData(502, "<html>Bad Gateway</html>", false)]
    [InlineData(200, "<html>Just a moment</html>", false)]
    public async Task A_probe_sends_nothing_and_is_well_when_Meta_answers(int status, string body, bool well)
    {
        await using var server = Wire.ScriptedServer.Start(exchange => exchange.ReplyAsync(status, body));
        using var sender = Business.Sender(server.Url);
        Assert.Equal(well, (await sender.ProbeAsync(TestContext.Current.CancellationToken)).IsWell);
        Assert.StartsWith("GET /v23.0/1555000?fields=id ", Assert.Single(server.Requests).Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", 1)]
    [InlineData("<html>slow down</html>", "Retry-After: 9\r\n", 9)]
    [InlineData("", "Retry-After: 2000000000\r\n", 3600)]
    [InlineData("", "Retry-After: 99999999999999999999\r\n", 3600)]
    [InlineData("", "Retry-After: -9\r\n", 1)]
    public async Task A_429_in_any_form_means_that_nothing_was_taken(string body, string headers, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            Assert.IsType<SendResult.Throttled>((await Business.AnswerAsync(429, body, headers: headers)).Result).Delay
        );

    [Theory]
    [InlineData(500, 131000)]
    [InlineData(503, 131016)]
    [InlineData(400, 131016)]
    public async Task Trouble_at_Metas_that_says_it_failed_is_not_delivered_and_is_the_channels(int status, int code) =>
        Assert.True(Assert.IsType<SendResult.NotDelivered>((await Business.AnswerAsync(status, Business.Error(code))).Result).Unanswered);

    [Theory]
    [InlineData(131026)]
    [InlineData(131030)]
    public async Task Who_cannot_be_reached_is_unreachable(int code) =>
        Assert.IsType<SendResult.Unreachable>((await Business.AnswerAsync(400, Business.Error(code))).Result);

    [Theory]
    [InlineData(131047)]
    [InlineData(131049)]
    [InlineData(132000)]
    [InlineData(132001)]
    [InlineData(100)]
    [InlineData(999999)]
    public async Task A_message_that_is_refused_as_it_is_is_rejected(int code) =>
        Assert.IsType<SendResult.Rejected>((await Business.AnswerAsync(400, Business.Error(code))).Result);

    [Theory]
    [InlineData(401, 190, null, "WhatsApp:AccessToken")]
    [InlineData(403, 10, null, "WhatsApp:AccessToken")]
    [InlineData(403, 368, null, "account")]
    [InlineData(400, 100, 33, "WhatsApp:PhoneNumberId")]
    public async Task A_token_number_or_account_that_does_not_work_breaks_the_channel(int status, int code, int? subcode, string advice)
    {
        var broken = Assert.IsType<SendResult.ChannelBroken>((await Business.AnswerAsync(status, Business.Error(code, subcode))).Result);
        Assert.Contains(advice, broken.Detail);
        Assert.DoesNotContain(Business.Token, broken.Detail);
    }

    [Theory]
    [InlineData(500, """{"error":{"message":"An unknown error occurred","code":1}}""")]
    [InlineData(503, """{"error":{"message":"Service temporarily unavailable","code":2}}""")]
    [InlineData(400, """{"error":{"message":"without a code"}}""")]
    [InlineData(200, """{"error":{"message":"no","code":131026}}""")]
    [InlineData(200, """{"messages":[]}""")]
    [InlineData(200, """{"messages":[{"id":""}]}""")]
    [InlineData(200, """{"messages":[{"id":"wamid.1"}],"error":{"code":131026}}""")]
    [InlineData(400, """{"messages":[{"id":"wamid.1"}]}""")]
    public async Task An_answer_that_decides_nothing_is_uncertain(int status, string body) =>
        Assert.IsType<SendResult.Uncertain>((await Business.AnswerAsync(status, body)).Result);

    [Fact]
    public async Task A_message_Meta_takes_is_sent_under_its_wamid() =>
        Assert.Equal(new SendResult.Sent("wamid.HBgL77"), (await Business.AnswerAsync(200, Business.Accepted)).Result);
}
