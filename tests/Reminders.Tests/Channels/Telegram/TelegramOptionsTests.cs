using Reminders.Telegram;

namespace Reminders.Tests.Channels.Telegram;

public sealed class TelegramOptionsTests
{
    private const string Secret = "AAverySECRETverySECRET";

    [Fact]
    public void A_token_is_all_that_has_to_be_set() => Assert.Empty(new TelegramOptions { BotToken = Bot.Token }.Validate());

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(Secret, "has 22 characters")]
    [InlineData("123:" + Secret + "/../x", "has 31 characters")]
    [InlineData("123:" + Secret + "\n", "has 27 characters")]
    public void A_wrong_token_is_named_and_described_but_not_quoted(string token, string description)
    {
        var problem = Assert.Single(new TelegramOptions { BotToken = token }.Validate());
        Assert.StartsWith("Telegram:BotToken " + description, problem);
        Assert.DoesNotContain(Secret, problem);
    }

    [Theory]
    [InlineData("ftp://example.org/")]
    [InlineData("bot")]
    [InlineData("https://user:pass@example.org/")]
    [InlineData("https://example.org/?x=1")]
    public void A_wrong_base_URL_is_named(string url)
    {
        var options = new TelegramOptions { BotToken = Bot.Token, ApiBaseUrl = new Uri(url, UriKind.RelativeOrAbsolute) };
        var problem = Assert.Single(options.Validate());
        Assert.StartsWith("Telegram:ApiBaseUrl", problem);
        Assert.DoesNotContain("pass", problem);
    }

    [Theory]
    [InlineData(0, 25, "Telegram:SendTimeout is 00:00:00;")]
    [InlineData(301, 25, "Telegram:SendTimeout is 00:05:01;")]
    [InlineData(15, -1, "Telegram:PollTimeout is -00:00:01;")]
    [InlineData(15, 51, "Telegram:PollTimeout is 00:00:51;")]
    [InlineData(15, 0.5, "Telegram:PollTimeout is 00:00:00.5000000;")]
    public void A_timeout_out_of_range_is_named_with_its_value(double send, double poll, string start)
    {
        var options = new TelegramOptions
        {
            BotToken = Bot.Token,
            SendTimeout = TimeSpan.FromSeconds(send),
            PollTimeout = TimeSpan.FromSeconds(poll),
        };
        Assert.StartsWith(start, Assert.Single(options.Validate()));
    }

    [Theory]
    [InlineData("https://example.org/telegram", "abc_-1-0123456789", 0)]
    [InlineData("https://example.org:8443/telegram", "abc-0123456789-xyz", 0)]
    [InlineData("https://example.org:5000/telegram", "abc-0123456789-xyz", 1)]
    [InlineData("http://example.org/telegram", "abc-0123456789-xyz", 1)]
    [InlineData(null, "abc-0123456789-xyz", 1)]
    [InlineData(null, null, 2)]
    [InlineData("https://example.org/telegram", "with space", 1)]
    [InlineData("https://example.org/telegram", "fifteen-letters", 1)]
    [InlineData("https://example.org/telegram", "sixteen-letters-", 0)]
    public void A_webhook_needs_a_secret_and_an_address_Telegram_can_reach(string? url, string? secret, int problems)
    {
        var options = Webhook(url, secret);
        Assert.Equal(problems, options.Validate().Count());
        Assert.All(options.Validate(), problem => Assert.DoesNotContain("with space", problem));
    }

    [Fact]
    public void A_Bot_API_server_of_ones_own_takes_any_webhook_address()
    {
        var options = Webhook("http://127.0.0.1:5000/telegram", "abc-0123456789-xyz");
        options.ApiBaseUrl = new Uri("http://127.0.0.1:8081/");
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void A_client_cannot_be_built_from_wrong_options()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new TelegramClient(new TelegramOptions()));
        Assert.Contains("Telegram:BotToken", thrown.Message);
    }

    private static TelegramOptions Webhook(string? url, string? secret) =>
        new()
        {
            BotToken = Bot.Token,
            Mode = TelegramMode.Webhook,
            WebhookUrl = url is null ? null : new Uri(url),
            WebhookSecret = secret,
        };
}
