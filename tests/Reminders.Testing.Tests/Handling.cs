using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Apps;
using Reminders.Telegram;

namespace Reminders.Testing.Tests;

/// <summary>The app's part in answers: once for each, with what it wrote, whatever goes wrong in between.</summary>
public sealed class Handling
{
    private static readonly Subject Slot = new(
        "slot",
        "s-1",
        "approved",
        HiringApp.Monday.AddHours(1),
        [new("candidate", new("anna", "Anna", Addresses: new Dictionary<string, string> { ["telegram"] = "1" }))]
    );

    [Fact]
    public async Task Pressed_three_times_the_handler_is_called_once_with_what_the_subject_became()
    {
        await using var app = await StartAsync(fails: 0);
        await AskAndPressAsync(app, "yes", "yes", "yes");
        Assert.Equal([("s-1", "confirmed", "press", 1L)], Heard(app));
        Assert.Equal(["confirmed"], await WrittenAsync(app));
    }

    [Fact]
    public async Task What_a_handler_wrote_before_it_failed_is_taken_back_and_it_is_called_again()
    {
        await using var app = await StartAsync(fails: 3);
        await AskAndPressAsync(app, "yes");
        Assert.Empty(await WrittenAsync(app));
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["confirmed"], await WrittenAsync(app));
        Assert.Equal(4, Heard(app).Count);
    }

    /// <summary>Confirmed, and declined later: the app hears of both, in that order, however long the first takes.</summary>
    [Fact]
    public async Task Answers_about_one_subject_are_told_in_their_order()
    {
        await using var app = await StartAsync(fails: 2);
        await AskAndPressAsync(app, "yes", "no");
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["confirmed", "declined"], await WrittenAsync(app));
    }

    [Fact]
    public async Task Given_up_on_it_is_told_again_when_somebody_says_so()
    {
        await using var app = await StartAsync(fails: 10);
        await AskAndPressAsync(app, "yes");
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(10, Heard(app).Count);
        Assert.Empty(await WrittenAsync(app));
        Assert.Equal(1, (await app.DoAsync(new RetryAnswers())).Count);
        Assert.Equal(["confirmed"], await WrittenAsync(app));
        Assert.Equal(0, (await app.DoAsync(new RetryAnswers())).Count);
    }

    /// <summary>A status of the app's own, and an answer that came by phone.</summary>
    [Fact]
    public async Task Whatever_the_app_calls_it_it_can_be_answered_until_it_is_or_is_off()
    {
        await using var app = await StartAsync(fails: 0);
        await AskAndPressAsync(app);
        var reminders = app.Services.GetRequiredService<IReminders>().By("rita");
        await reminders.ApplyAsync(Slot with { Status = "offered" }, TestContext.Current.CancellationToken);
        var heard = await reminders.RecordAnswerAsync(
            new("slot", "s-1", "decline", "Rita", "phone"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(("declined", "declined", true), (heard.Status, heard.Effect, heard.Changed));
        await app.SettleAsync();
        Assert.Equal([("s-1", "declined", "rita", 1L)], Heard(app));

        var again = await Assert.ThrowsAsync<RemindersRefusedException>(() =>
            reminders.RecordAnswerAsync(new("slot", "s-1", "confirm", "Rita", "phone"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("The slot was declined", again.Message, StringComparison.Ordinal);
        await reminders.ApplyAsync(Slot with { Status = "cancelled" }, TestContext.Current.CancellationToken);
        var off = await Assert.ThrowsAsync<RemindersRefusedException>(() =>
            reminders.RecordAnswerAsync(new("slot", "s-1", "confirm", "Rita", "phone"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("The slot is cancelled", off.Message, StringComparison.Ordinal);
        var wrong = await Assert.ThrowsAsync<RemindersRefusedException>(() =>
            reminders.RecordAnswerAsync(new("slot", "s-2", "perhaps", "Rita", "phone"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("'perhaps'", wrong.Message, StringComparison.Ordinal);
    }

    private static async Task AskAndPressAsync(ReminderTestHost app, params string[] presses)
    {
        await using (var source = NpgsqlDataSource.Create(app.ConnectionString))
        await using (var create = source.CreateCommand("CREATE TABLE public.own (id serial, status text)"))
        {
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await app.Services.GetRequiredService<IReminders>().ApplyAsync(Slot, TestContext.Current.CancellationToken);
        await app.SettleAsync();
        var question = app.AssertSent("ASK", to: "anna");
        foreach (var press in presses)
        {
            await app.PressAsync(question, press);
        }
    }

    private static IReadOnlyList<(string Key, string Status, string Way, long Version)> Heard(ReminderTestHost app) =>
        [.. app.Services.GetRequiredService<Log>().Answers.Select(answer => (answer.Key, answer.Status, answer.Way, answer.Version))];

    private static async Task<string[]> WrittenAsync(ReminderTestHost app)
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await using var read = source.CreateCommand("SELECT coalesce(array_agg(status ORDER BY id), '{}') FROM public.own");
        return (string[])(await read.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static Task<ReminderTestHost> StartAsync(int fails) =>
        ReminderTestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(new Log(fails));
                builder
                    .Services.AddReminders(builder.Configuration)
                    .AddTelegram()
                    .OnAnswer<Handler>()
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

        public List<Answer> Answers { get; } = [];

        public bool FailsNow() => _fails-- > 0;
    }

    private sealed class Handler(Log log) : IAnswerHandler
    {
        public async Task OnAnswerAsync(Answer answer, DbTransaction transaction, CancellationToken cancellationToken)
        {
            log.Answers.Add(answer);
            await using var write = new NpgsqlCommand(
                "INSERT INTO public.own (status) VALUES ($1)",
                (NpgsqlConnection)transaction.Connection!
            )
            {
                Parameters = { new() { Value = answer.Status } },
            };
            await write.ExecuteNonQueryAsync(cancellationToken);
            if (log.FailsNow())
            {
                // As a call to elsewhere has it; it is not the database that does not answer.
                throw new TimeoutException("not now");
            }
        }
    }
}
