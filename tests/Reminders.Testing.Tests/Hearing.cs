using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Apps;
using Reminders.Channels;
using Reminders.Events;
using Reminders.Telegram;

namespace Reminders.Testing.Tests;

/// <summary>The app's part in what becomes of its reminders: each event once, with what it wrote, whatever goes wrong in between.</summary>
public sealed class Hearing
{
    private const string Held = "SELECT coalesce(string_agg(type, ' ' ORDER BY id), '') FROM reminders.app_event";

    private static readonly Subject Slot = new(
        "slot",
        "s-1",
        "approved",
        HiringApp.Monday.AddHours(1),
        [new("candidate", new("anna", "Anna", Addresses: new Dictionary<string, string> { ["telegram"] = "1" }))]
    );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_sent_and_answered_is_heard_once_each_and_in_order()
    {
        await using var app = await StartAsync(fails: 0);
        await AskAsync(app);
        var question = app.AssertSent("ASK", to: "anna");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await app.PressAsync(question, "yes");
        }

        Assert.Equal(
            [
                (ReminderEventType.Sent, "s-1", 1L, "ASK", "anna", "telegram", null, null, null),
                (ReminderEventType.Answered, "s-1", 1L, "ASK", "anna", "telegram", "confirm", "confirmed", "press"),
            ],
            Heard(app)
                .Select(told =>
                    (
                        told.Type,
                        told.Key,
                        told.Version,
                        told.Kind ?? "",
                        told.Recipient ?? "",
                        told.Channel ?? "",
                        told.Answer,
                        told.Status,
                        told.Way
                    )
                )
        );
        Assert.Equal(["Sent", "Answered"], await WrittenAsync(app));
        Assert.Equal("", await ScalarAsync<string>(app, Held));
    }

    [Fact]
    public async Task A_doubt_and_somebody_who_cannot_be_reached_are_heard_with_the_reason()
    {
        await using var app = await StartAsync(fails: 0);
        app.NextSend("anna", new SendResult.Uncertain("no reply"));
        await AskAsync(app);
        app.NextSend("boris", new SendResult.Unreachable("blocked by the user"));
        await Reminders(app)
            .ApplyAsync(
                Slot with
                {
                    Key = "s-2",
                    Parties = [new("candidate", new("boris", "Boris", Addresses: new Dictionary<string, string> { ["telegram"] = "2" }))],
                },
                Stop
            );
        await app.SettleAsync();
        Assert.Equal(
            [("s-1", ReminderEventType.Held, "no reply"), ("s-2", ReminderEventType.Unreachable, "blocked by the user")],
            Heard(app).Select(told => (told.Key, told.Type, told.Reason ?? ""))
        );
    }

    [Fact]
    public async Task What_a_handler_wrote_before_it_failed_is_taken_back_and_it_hears_the_same_event_again()
    {
        await using var app = await StartAsync(fails: 3);
        await AskAsync(app);
        Assert.Empty(await WrittenAsync(app));
        await app.PressAsync(app.AssertSent("ASK", to: "anna"), "yes");
        // The answer waits for what came before it.
        Assert.Equal("message.sent message.answered", await ScalarAsync<string>(app, Held));
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["Sent", "Answered"], await WrittenAsync(app));
        Assert.Single(Heard(app).Take(4).Select(told => told.Id).Distinct());
    }

    [Fact]
    public async Task Given_up_on_it_lets_the_next_one_pass_and_is_told_again_when_somebody_says_so()
    {
        await using var app = await StartAsync(fails: 10);
        await AskAsync(app);
        await app.AdvanceAsync(TimeSpan.FromMinutes(40));
        Assert.Equal(10, Heard(app).Count);
        await app.PressAsync(app.AssertSent("ASK", to: "anna"), "yes");
        Assert.Equal(["Answered"], await WrittenAsync(app));
        Assert.Equal("not now", await ScalarAsync<string>(app, "SELECT trouble FROM reminders.app_event WHERE died_at IS NOT NULL"));
        Assert.Equal(1, (await app.DoAsync(new RetryEvents())).Count);
        Assert.Equal(["Answered", "Sent"], await WrittenAsync(app));
        Assert.Equal(0, (await app.DoAsync(new RetryEvents())).Count);
    }

    /// <summary>What nobody asks for is not even written down.</summary>
    [Fact]
    public async Task A_handler_hears_what_it_asked_for_and_no_more()
    {
        await using var app = await StartAsync(fails: 0, ReminderEventType.Answered);
        await AskAsync(app);
        Assert.Equal("message.answered", await ScalarAsync<string>(app, "SELECT string_agg(type, ' ') FROM reminders.app_listening"));
        Assert.Equal("", await ScalarAsync<string>(app, Held));
        await app.PressAsync(app.AssertSent("ASK", to: "anna"), "no");
        Assert.Equal(["Answered"], await WrittenAsync(app));
    }

    /// <summary>While a handler still asks, the webhook's end is not its end.</summary>
    [Fact]
    public async Task Where_events_are_turned_off_for_a_webhook_the_app_goes_on_hearing()
    {
        await using var app = await StartAsync(fails: 0);
        await app.SettleAsync();
        await app.DoAsync(new EndEvents());
        await AskAsync(app);
        Assert.Equal(["Sent"], await WrittenAsync(app));
        await app.AdvanceAsync(TimeSpan.FromMinutes(16));
        await ScalarAsync<int>(
            app,
            "WITH old AS (UPDATE reminders.app_listening SET wanted_at = wanted_at - interval '16 minutes') SELECT 1"
        );
        await app.DoAsync(new EndEvents());
        Assert.Equal("D", await ScalarAsync<string>(app, "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'outbox_told'"));
    }

    private static IReminders Reminders(ReminderTestHost app) => app.Services.GetRequiredService<IReminders>();

    private static async Task AskAsync(ReminderTestHost app)
    {
        await ScalarAsync<int>(app, "CREATE TABLE public.own (id serial, type text); SELECT 1");
        await app.SettleAsync();
        await Reminders(app).ApplyAsync(Slot, Stop);
        await app.SettleAsync();
    }

    private static IReadOnlyList<ReminderEvent> Heard(ReminderTestHost app) => app.Services.GetRequiredService<Log>().Events;

    private static Task<string[]> WrittenAsync(ReminderTestHost app) =>
        ScalarAsync<string[]>(app, "SELECT coalesce(array_agg(type ORDER BY id), '{}') FROM public.own");

    private static async Task<T> ScalarAsync<T>(ReminderTestHost app, string sql)
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await using var read = source.CreateCommand(sql);
        return (T)(await read.ExecuteScalarAsync(Stop))!;
    }

    private static Task<ReminderTestHost> StartAsync(int fails, params ReminderEventType[] of) =>
        ReminderTestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(new Log(fails));
                builder
                    .Services.AddReminders(builder.Configuration)
                    .AddTelegram()
                    .OnEvent<Handler>(of)
                    .AddKind(
                        "ASK",
                        kind =>
                        {
                            (kind.Subject, kind.On, kind.To) = ("slot", "approved", "candidate");
                            kind.Buttons = ["confirm", "decline"];
                            kind.Templates["en"] = new()
                            {
                                ["text"] = "Will you come?",
                                ["confirm"] = "yes",
                                ["decline"] = "no",
                                ["confirmed"] = "You come.",
                                ["declined"] = "You don't.",
                                ["moved"] = "Moved.",
                                ["cancelled"] = "Off.",
                            };
                        }
                    );
            },
            new() { Now = HiringApp.Monday }
        );

    private sealed class Log(int fails)
    {
        private int _fails = fails;

        public List<ReminderEvent> Events { get; } = [];

        public bool FailsNow() => _fails-- > 0;
    }

    private sealed class Handler(Log log) : IEventHandler
    {
        public async Task OnEventAsync(ReminderEvent told, DbTransaction transaction, CancellationToken cancellationToken)
        {
            log.Events.Add(told);
            await using var write = new NpgsqlCommand(
                "INSERT INTO public.own (type) VALUES ($1)",
                (NpgsqlConnection)transaction.Connection!
            )
            {
                Parameters = { new() { Value = told.Type.ToString() } },
            };
            await write.ExecuteNonQueryAsync(cancellationToken);
            if (log.FailsNow())
            {
                throw new TimeoutException("not now");
            }
        }
    }
}
