namespace Reminders.Lab.Tests.Telegram;

public sealed class LimitTests
{
    private static void IsTooMany(Answer answer, int seconds)
    {
        answer.IsError(429, $"Too Many Requests: retry after {seconds}");
        Assert.Equal(seconds, answer.Body.GetProperty("parameters").GetProperty("retry_after").GetInt32());
        Assert.Equal(seconds.ToString(), answer.RetryAfter);
    }

    [Fact]
    public async Task A_chat_takes_one_message_a_second()
    {
        await using var bot = await BotClient.StartAsync(new());
        bot.Simulator.AddChat(1002);
        Assert.Equal(200, (await bot.SendAsync()).Status);
        IsTooMany(await bot.SendAsync(), 1);
        Assert.Equal(200, (await bot.SendAsync(chat: 1002)).Status);
        bot.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await bot.SendAsync()).Status);
        Assert.Equal((3, 1), (bot.Record.MessageCount, bot.Record.TooManyRequests));
    }

    [Fact]
    public async Task A_chats_burst_and_rate_can_be_set()
    {
        await using var bot = await BotClient.StartAsync(new() { PerChatBurst = 3, PerChatPerSecond = 0.25 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await bot.SendAsync()).Status);
        }

        IsTooMany(await bot.SendAsync(), 4);
    }

    [Fact]
    public async Task The_bot_takes_thirty_a_second_and_then_refuses_every_chat_until_the_wait_is_over()
    {
        await using var bot = await BotClient.StartAsync(new() { AutoCreateChats = true, BotFloodWait = TimeSpan.FromSeconds(3) });
        for (var chat = 1; chat <= 30; chat++)
        {
            Assert.Equal(200, (await bot.SendAsync(chat: chat)).Status);
        }

        IsTooMany(await bot.SendAsync(chat: 31), 3);
        bot.Time.Advance(TimeSpan.FromSeconds(1.5));
        IsTooMany(await bot.SendAsync(chat: 32), 2);
        bot.Time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(200, (await bot.SendAsync(chat: 32)).Status);
    }

    [Fact]
    public async Task The_bots_second_slides()
    {
        await using var bot = await BotClient.StartAsync(new() { AutoCreateChats = true, PerBotPerSecond = 2 });
        Assert.Equal(200, (await bot.SendAsync(chat: 1)).Status);
        bot.Time.Advance(TimeSpan.FromSeconds(0.6));
        Assert.Equal(200, (await bot.SendAsync(chat: 2)).Status);
        bot.Time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal(200, (await bot.SendAsync(chat: 3)).Status);
        IsTooMany(await bot.SendAsync(chat: 4), 1);
    }

    [Fact]
    public async Task Switched_off_limits_limit_nothing()
    {
        await using var bot = await BotClient.StartAsync(new() { PerBotPerSecond = 0, PerChatPerSecond = 0 });
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(200, (await bot.SendAsync()).Status);
        }
    }

    [Fact]
    public async Task Setting_the_webhook_twice_in_a_second_is_too_often()
    {
        await using var bot = await BotClient.StartAsync(new());
        Assert.Equal(200, (await bot.CallAsync("setWebhook", new { url = "http://127.0.0.1:9/a" })).Status);
        IsTooMany(await bot.CallAsync("setWebhook", new { url = "http://127.0.0.1:9/b" }), 1);
        bot.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await bot.CallAsync("setWebhook", new { url = "http://127.0.0.1:9/b" })).Status);
    }
}
