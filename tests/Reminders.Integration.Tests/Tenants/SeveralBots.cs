using Reminders.Apps;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;
using Reminders.Lab.Telegram;
using Reminders.Outbox.Operators;
using Reminders.Settings;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Tenants;

/// <summary>Two bots in one installation are two channels: what happens at one is nothing to the other, under the same ids.</summary>
public sealed class SeveralBots(Postgres postgres) : IAsyncLifetime
{
    private const long Anna = 1001;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TelegramSimulator _second = null!;
    private Cluster _cluster = null!;

    private TelegramSimulator First => _cluster.Telegram;

    public async ValueTask InitializeAsync()
    {
        // Seeded alike: the same update_ids at both.
        _second = await TelegramSimulator.StartAsync(
            new()
            {
                EnforceLimits = false,
                AutoCreateChats = true,
                Token = "2:B",
                Seed = 7,
            }
        );
        _cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            new()
            {
                EnforceLimits = false,
                AutoCreateChats = true,
                Token = "1:A",
                Seed = 7,
            },
            ("Channels:bot-a:Provider", "telegram"),
            ("Channels:bot-a:BotToken", _second.Token),
            ("Channels:bot-a:ApiBaseUrl", _second.BaseAddress.ToString()),
            ("Channels:bot-a:PollTimeout", "00:00:02"),
            ("Outbox:Limits:bot-a:PerSecond", "0"),
            ("Outbox:Limits:bot-a:PerRecipientInterval", "0")
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task Each_asks_is_pressed_and_edits_over_its_own_though_their_ids_are_the_same()
    {
        await StartAsync(nodes: 2);
        await ApproveAsync("s-1");
        var (first, second) = (await QuestionAsync(First), await QuestionAsync(_second));
        Assert.Equal(("telegram asks", "bot-a asks"), (first.Text, second.Text));

        // One's button under the other's message.
        _second.Press(Anna, second.MessageId, first.Buttons[0].Data!);
        First.Press(Anna, first.MessageId, second.Buttons[0].Data!);
        await _second.Record.WaitForAsync(record => record.Answers.Count == 1, Patience);
        await First.Record.WaitForAsync(record => record.Answers.Count == 1, Patience);
        Assert.Equal("approved", await StatusAsync("s-1"));
        Assert.Equal(
            "bot-a telegram: press: Unknown",
            await _cluster.ScalarAsync<string>(
                """
                SELECT string_agg(source, ' ' ORDER BY source) || ': ' || string_agg(DISTINCT effect, ', ')
                FROM reminders.inbound_update GROUP BY provider_id
                """
            )
        );

        _second.PressButton(Anna, second.MessageId, 0);
        await _second.Record.WaitForAsync(record => record.Edits.Any(edit => edit.Text == "bot-a: confirmed"), Patience);
        Assert.Equal("confirmed", await StatusAsync("s-1"));
        // The answer is the subject's, and the other bot's message follows it over the other bot.
        await First.Record.WaitForAsync(record => record.Edits.Any(edit => edit.Text == "telegram: confirmed"), Patience);
        Assert.DoesNotContain(First.Record.Edits, edit => edit.Text.StartsWith("bot-a", StringComparison.Ordinal));
        Assert.DoesNotContain(_second.Record.Edits, edit => edit.Text.StartsWith("telegram", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_429_and_a_revoked_token_of_one_do_not_hold_up_the_other()
    {
        _second.Faults.Add(new FaultRule(FaultKind.TooManyRequests) { RetryAfter = 600 });
        await StartAsync();
        await ApproveAsync("s-1");
        await QuestionAsync(First);
        await _second.Record.WaitForAsync(record => record.TooManyRequests > 0, Patience);
        await _cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.throttle WHERE reason IS NOT NULL)", Patience);
        Assert.Equal(
            "bot-a",
            await _cluster.ScalarAsync<string>("SELECT string_agg(DISTINCT channel, ', ') FROM reminders.throttle WHERE reason IS NOT NULL")
        );
        _second.Faults.Clear();
        _second.RevokeToken();
        await _cluster.SendAsync(new ResumeChannel("bot-a", null, "to be tried"));
        await ApproveAsync("s-2", chat: 1002);
        await QuestionAsync(First, 1002);
        await _cluster.UntilAsync(
            "SELECT EXISTS (SELECT FROM reminders.channel WHERE name = 'bot-a' AND broken_since IS NOT NULL)",
            Patience
        );
        Assert.True(
            await _cluster.ScalarAsync<bool>(
                "SELECT NOT EXISTS (SELECT FROM reminders.channel WHERE name = 'telegram' AND broken_since IS NOT NULL)"
            )
        );
        Assert.Empty(_second.Record.Messages);
        _second.RestoreToken();
        await QuestionAsync(_second);
        await QuestionAsync(_second, 1002);
    }

    [Fact]
    public async Task A_stop_at_one_and_a_pause_of_one_leave_the_other_as_it_is()
    {
        await StartAsync();
        await ApproveAsync("s-1");
        await QuestionAsync(_second);
        _second.SendText(Anna, "/stop");
        await _cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.opt_out)", Patience);
        Assert.Equal("bot-a", await _cluster.ScalarAsync<string>("SELECT channel FROM reminders.opt_out"));
        Assert.Equal(
            "bot-a opted_out, telegram reachable",
            await _cluster.ScalarAsync<string>(
                "SELECT string_agg(channel || ' ' || state, ', ' ORDER BY channel) FROM reminders.address WHERE address = '1001'"
            )
        );
        await ApproveAsync("s-2");
        await First.Record.WaitForAsync(record => record.MessagesTo(Anna).Count == 2, Patience);
        Assert.Single(_second.Record.MessagesTo(Anna));

        await _cluster.SendAsync(new PauseChannel("telegram", null, "the first is paused"));
        await ApproveAsync("s-3", chat: 1003);
        await QuestionAsync(_second, 1003);
        Assert.Empty(First.Record.MessagesTo(1003));
    }

    /// <summary>A person is the same chat to every bot, so a link that is forwarded after its use binds nobody else at another.</summary>
    [Fact]
    public async Task A_start_code_binds_one_person_at_each_bot_and_no_other_at_the_next()
    {
        await StartAsync();
        await ApproveAsync("s-1", chat: null);
        var code = await _cluster.ScalarAsync<string>("SELECT start_code FROM reminders.recipient WHERE reference = 'anna-none'");
        Assert.Equal(BindResult.Bound, await _cluster.SendAsync(new BindChat(5005, code, "bot-a")));
        Assert.Equal(BindResult.TakenByAnotherChat, await _cluster.SendAsync(new BindChat(6006, code, "bot-a")));
        Assert.Equal(BindResult.TakenByAnotherChat, await _cluster.SendAsync(new BindChat(6006, code, "telegram")));
        Assert.Equal(BindResult.Bound, await _cluster.SendAsync(new BindChat(5005, code, "telegram")));
        Assert.Equal(
            "bot-a 5005, telegram 5005",
            await _cluster.ScalarAsync<string>(
                """
                SELECT string_agg(channel || ' ' || address, ', ' ORDER BY channel) FROM reminders.address a
                JOIN reminders.recipient r ON r.id = a.recipient_id WHERE r.reference = 'anna-none'
                """
            )
        );
        // Each bot greets whoever came to it, and to no other.
        await _second.Record.WaitForAsync(record => record.MessagesTo(5005).Any(message => message.Text == "hello from bot-a"), Patience);
        await First.Record.WaitForAsync(record => record.MessagesTo(5005).Any(message => message.Text == "hello from telegram"), Patience);
        Assert.Single(First.Record.MessagesTo(5005), message => message.Text.StartsWith("hello", StringComparison.Ordinal));
        Assert.Single(_second.Record.MessagesTo(5005), message => message.Text.StartsWith("hello", StringComparison.Ordinal));
    }

    /// <summary>What nobody can handle holds up what the same person did there, and nothing elsewhere.</summary>
    [Fact]
    public async Task An_update_that_waits_at_one_does_not_hold_up_the_same_persons_at_the_other()
    {
        await StartAsync();
        await _cluster.ExecuteAsync(
            "INSERT INTO reminders.inbound_update (source, provider_id, sender, payload) VALUES ('bot-gone', '1', '1001', '{}')"
        );
        await ApproveAsync("s-1");
        First.PressButton(Anna, (await QuestionAsync(First)).MessageId, 0);
        await _cluster.UntilAsync("SELECT status = 'confirmed' FROM reminders.subject WHERE type = 'slot'", TimeSpan.FromSeconds(10));
        Assert.Equal(
            "received",
            await _cluster.ScalarAsync<string>("SELECT state FROM reminders.inbound_update WHERE source = 'bot-gone'")
        );
    }

    [Fact]
    public void One_token_for_two_bots_and_a_channel_of_no_sort_are_refused()
    {
        _cluster.Set("Channels:bot-a:BotToken", First.Token);
        _cluster.Set("Channels:bot-a:ApiBaseUrl", First.BaseAddress.ToString());
        var problem = Assert.Single(Assert.Throws<SettingsException>(() => _cluster.AddStillNode()).Problems);
        Assert.StartsWith("Channels:bot-a:BotToken is a bot's, which the channel 'telegram' has", problem, StringComparison.Ordinal);
        _cluster.Set("Channels:bot-a:BotToken", "no token");
        problem = Assert.Single(Assert.Throws<SettingsException>(() => _cluster.AddStillNode()).Problems);
        Assert.StartsWith("Channels:bot-a:BotToken has 8 characters that are not a token", problem, StringComparison.Ordinal);
        _cluster.Set("Channels:bot-a:Provider", "pigeon");
        problem = Assert.Single(Assert.Throws<SettingsException>(() => _cluster.AddStillNode()).Problems);
        Assert.StartsWith("Channels:bot-a:Provider is 'pigeon': it should be telegram, email or", problem, StringComparison.Ordinal);
    }

    private async Task StartAsync(int nodes = 1)
    {
        for (var i = 0; i < nodes; i++)
        {
            await _cluster.StartNodeAsync(channels: Declare);
        }
    }

    private static void Declare(RemindersBuilder all)
    {
        foreach (var (kind, channel) in ((string, string)[])[("ASK_T", "telegram"), ("ASK_A", "bot-a")])
        {
            all.AddKind(
                kind,
                asks =>
                {
                    (asks.Subject, asks.On, asks.To, asks.Channels) = ("slot", "approved", "candidate", [channel]);
                    (asks.WantedIn, asks.Buttons) = (["approved"], ["confirm", "decline"]);
                    asks.Templates["en"] = new()
                    {
                        ["text"] = $"{channel} asks",
                        ["confirm"] = "Yes",
                        ["decline"] = "No",
                        ["confirmed"] = $"{channel}: confirmed",
                        ["declined"] = $"{channel}: declined",
                        ["moved"] = "moved",
                        ["cancelled"] = "cancelled",
                    };
                }
            );
            all.AddKind(
                kind.Replace("ASK", "HELLO", StringComparison.Ordinal),
                greets =>
                {
                    (greets.Subject, greets.On, greets.To, greets.Channels) = (
                        "person",
                        channel == "telegram" ? "bound" : $"bound:{channel}",
                        "self",
                        [channel]
                    );
                    greets.Templates["en"] = new() { ["text"] = $"hello from {channel}" };
                }
            );
        }
    }

    private async Task ApproveAsync(string key, long? chat = Anna) =>
        await _cluster.SendAsync(
            new ApplySubject(
                new(
                    "slot",
                    key,
                    "approved",
                    TimeProvider.System.GetUtcNow().AddHours(2),
                    [
                        new(
                            "candidate",
                            new(
                                $"anna-{chat?.ToString() ?? "none"}",
                                "Anna",
                                Addresses: chat is null
                                    ? null
                                    : new Dictionary<string, string> { ["telegram"] = $"{chat}", ["bot-a"] = $"{chat}" }
                            )
                        ),
                    ]
                )
            )
        );

    private Task<string> StatusAsync(string key) =>
        _cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE type = 'slot' AND key = $1", key);

    private static async Task<Lab.Telegram.SentMessage> QuestionAsync(TelegramSimulator telegram, long chat = Anna)
    {
        await telegram.Record.WaitForAsync(record => record.MessagesTo(chat).Count > 0, Patience);
        return telegram.Record.MessagesTo(chat)[0];
    }
}
