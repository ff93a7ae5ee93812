using System.Net;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Tests.Telegram;

public sealed class FaultTests
{
    private const long Chat = BotClient.Chat;

    [Theory]
    [InlineData(FaultKind.DropReply, true)]
    [InlineData(FaultKind.CutBefore, false)]
    public async Task A_cut_connection_looks_the_same_to_the_sender_whether_or_not_the_message_arrived(FaultKind kind, bool arrived)
    {
        await using var bot = await BotClient.StartAsync();
        await bot.SendAsync("warms the connection up, so that the cut hits a kept-alive one");
        bot.Simulator.Faults.Next(kind);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => bot.SendAsync("Hello?"));

        // A reset: not even "response ended", and nothing in it says whether the request was read.
        Assert.IsAssignableFrom<IOException>(error.InnerException);

        // Had the client's handler sent it again by itself, there would be one more call.
        Assert.Equal(2, bot.Record.Calls("sendMessage"));
        var doubt = Assert.Single(bot.Record.Doubts);
        Assert.Equal((kind, Chat, arrived), (doubt.Fault, doubt.ChatId, doubt.Accepted));
        if (!arrived)
        {
            Assert.Single(bot.Record.MessagesTo(Chat));
            return;
        }

        var message = bot.Record.MessagesTo(Chat)[1];
        Assert.Equal(
            ("Hello?", true, (FaultKind?)kind, doubt.MessageId),
            (message.Text, message.ReplyDropped, message.Fault, (long?)message.MessageId)
        );
    }

    [Theory]
    [InlineData(FaultKind.BadGatewayAfter, 502, true)]
    [InlineData(FaultKind.BadGatewayBefore, 502, false)]
    [InlineData(FaultKind.HtmlAfter, 200, true)]
    public async Task A_gateways_page_says_nothing_about_the_message(FaultKind kind, int status, bool arrived)
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.Faults.Next(kind);
        using var response = await bot.Http.GetAsync(bot.Url("sendMessage") + $"?chat_id={Chat}&text=x");
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<html>", await response.Content.ReadAsStringAsync());
        Assert.Equal(arrived ? 1 : 0, bot.Record.MessageCount);
        Assert.Equal(arrived, Assert.Single(bot.Record.Doubts).Accepted);
    }

    [Fact]
    public void An_outage_ends_by_itself()
    {
        var time = new WatchedTime();
        var plan = new FaultPlan(time: time).Add(new(FaultKind.BadGatewayBefore) { Method = "*", For = TimeSpan.FromSeconds(40) });
        Assert.Equal(FaultKind.BadGatewayBefore, plan.Decide("getMe", 0).Kind);
        time.Advance(TimeSpan.FromSeconds(39.9));
        Assert.Equal(FaultKind.BadGatewayBefore, plan.Decide("sendMessage", Chat).Kind);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(plan.Decide("sendMessage", Chat).Kind);
        Assert.Empty(plan.Rules);
    }

    [Fact]
    public async Task A_call_that_is_never_answered_has_arrived_all_the_same()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.Faults.Next(FaultKind.NeverAnswer);
        using var patience = new CancellationTokenSource();
        var call = bot.Http.GetAsync(bot.Url("sendMessage") + $"?chat_id={Chat}&text=x", patience.Token);
        await bot.Record.WaitForAsync(r => r.Doubts.Count == 1, BotClient.Patience);
        Assert.False(call.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(FaultKind.NeverAnswer, Assert.Single(bot.Record.Messages).Fault);
    }

    [Fact]
    public async Task A_delay_holds_back_the_reply_and_not_the_message()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromSeconds(20), Next = 1 });
        var call = bot.SendAsync();
        await bot.Record.WaitForAsync(r => r.MessageCount == 1, BotClient.Patience);
        await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(20));
        Assert.False(call.IsCompleted);
        bot.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(200, (await call).Status);
        Assert.Empty(bot.Record.Doubts);
    }

    [Fact]
    public async Task A_client_that_gives_up_during_a_delay_leaves_a_doubt()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.Faults.Add(new(FaultKind.Delay) { Next = 1 });
        using var patience = new CancellationTokenSource();
        var call = bot.Http.GetAsync(bot.Url("sendMessage") + $"?chat_id={Chat}&text=x", patience.Token);
        await bot.Record.WaitForAsync(r => r.MessageCount == 1, BotClient.Patience);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await bot.Record.WaitForAsync(r => r.Doubts is [{ Fault: FaultKind.Delay, Accepted: true }], BotClient.Patience);
    }

    [Fact]
    public async Task An_injected_429_is_a_definite_refusal_and_can_pause_the_whole_bot()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.AddChat(1002);
        bot.Simulator.Faults.Add(
            new(FaultKind.TooManyRequests)
            {
                RetryAfter = 7,
                Next = 1,
                PausesBot = true,
            }
        );
        (await bot.SendAsync()).IsError(429, "Too Many Requests: retry after 7");
        bot.Time.Advance(TimeSpan.FromSeconds(2));
        (await bot.SendAsync(chat: 1002)).IsError(429, "Too Many Requests: retry after 5");
        bot.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, (await bot.SendAsync(chat: 1002)).Status);
        Assert.Empty(bot.Record.Doubts);
        Assert.Equal(1, bot.Record.MessageCount);
    }

    [Fact]
    public async Task A_rule_hits_only_its_method_its_chat_and_its_number_of_calls()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.AddChat(1002);
        bot.Simulator.Faults.Next(FaultKind.BadGatewayBefore, count: 1, chatId: 1002)
            .Next(FaultKind.TooManyRequests, method: "EDITmessageText");
        var id = (await bot.SendAsync()).MessageId;
        (
            await bot.CallAsync(
                "editMessageText",
                new
                {
                    chat_id = Chat,
                    message_id = id,
                    text = "x",
                }
            )
        ).IsError(429, "Too Many Requests: retry after 1");
        using var hit = await bot.Http.GetAsync(bot.Url("sendMessage") + "?chat_id=1002&text=x");
        Assert.Equal(HttpStatusCode.BadGateway, hit.StatusCode);
        Assert.Equal(200, (await bot.SendAsync(chat: 1002)).Status);
        Assert.Empty(bot.Simulator.Faults.Rules);
    }

    [Fact]
    public async Task A_share_of_calls_is_the_same_in_every_run_of_a_seed_whatever_order_chats_come_in()
    {
        static async Task<string> RunAsync(int seed, IEnumerable<int> chats)
        {
            await using var bot = await BotClient.StartAsync(
                new()
                {
                    Seed = seed,
                    EnforceLimits = false,
                    AutoCreateChats = true,
                }
            );
            bot.Simulator.Faults.Share(FaultKind.TooManyRequests, 0.3);
            foreach (var chat in chats.Concat(chats))
            {
                await bot.SendAsync(chat: chat);
            }

            Assert.InRange(bot.Record.TooManyRequests, 30, 90);
            return string.Join(' ', bot.Record.Messages.Select(m => m.ChatId).Order());
        }

        var first = await RunAsync(5, Enumerable.Range(1, 100));
        Assert.Equal(first, await RunAsync(5, Enumerable.Range(1, 100).Reverse()));
        Assert.NotEqual(first, await RunAsync(6, Enumerable.Range(1, 100)));
    }

    [Fact]
    public async Task A_share_is_drawn_anew_for_each_call_of_a_chat()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.Faults.Share(FaultKind.TooManyRequests, 0.5);
        for (var i = 0; i < 60; i++)
        {
            await bot.SendAsync();
        }

        Assert.InRange(bot.Record.TooManyRequests, 15, 45);
    }

    [Fact]
    public async Task A_refused_call_whose_reply_is_lost_is_a_doubt_about_nothing()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.Faults.Next(FaultKind.DropReply);
        await Assert.ThrowsAsync<HttpRequestException>(() => bot.SendAsync(chat: 404));
        Assert.Equal((404L, false), (bot.Record.Doubts[0].ChatId, bot.Record.Doubts[0].Accepted));
        Assert.Equal(0, bot.Record.MessageCount);
    }

    [Fact]
    public async Task An_update_may_come_twice_under_two_ids()
    {
        await using var bot = await BotClient.StartAsync();
        var id = await bot.SendWithButtonsAsync();
        bot.Simulator.Faults.Add(new(FaultKind.RepeatUpdate) { Next = 1 });
        var press = Assert.Single(bot.Simulator.PressButton(Chat, id, 1).Presses);
        Assert.Equal(2, press.UpdateIds.Distinct().Count());
        Assert.Single(Assert.Single(bot.Simulator.PressButton(Chat, id, 1).Presses).UpdateIds);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_outside_zero_to_one_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FaultPlan().Share(FaultKind.DropReply, share));

    [Fact]
    public async Task Waiting_for_what_does_not_happen_says_what_did()
    {
        await using var bot = await BotClient.StartAsync();
        await bot.SendAsync();
        var error = await Assert.ThrowsAsync<TimeoutException>(() =>
            bot.Record.WaitForAsync(r => r.MessageCount == 2, TimeSpan.FromMilliseconds(50))
        );
        Assert.Contains("1 messages", error.Message);
    }
}
