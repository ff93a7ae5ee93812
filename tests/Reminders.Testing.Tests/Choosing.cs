using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Apps;
using Reminders.Kinds;
using Reminders.Telegram;

namespace Reminders.Testing.Tests;

/// <summary>A kind's own answers: taken once, told as they are called, and said to whoever pressed.</summary>
public sealed class Choosing
{
    private static readonly Subject Slot = new(
        "slot",
        "s-1",
        "approved",
        HiringApp.Monday.AddHours(3),
        [
            new("candidate", new("anna", "Anna", Addresses: new Dictionary<string, string> { ["telegram"] = "1" })),
            new("recruiter", new("rita", "Rita", Addresses: new Dictionary<string, string> { ["telegram"] = "2" })),
        ]
    );

    [Fact]
    public async Task What_closes_the_question_is_told_by_its_key_drops_later_reminders_and_plans_as_a_status_does()
    {
        await using var app = await StartAsync();
        var question = await AskAsync(app);
        Assert.Equal(["Yes", "Later", "Call me", "Never"], question.Buttons.Select(button => button.Label));

        Assert.Equal("Another time then, Anna.", await app.PressAsync(question, "later"));
        Assert.Equal("Your answer is noted already.", await app.PressAsync(question, "Later"));
        Assert.Equal("You have answered already: Later", await app.PressAsync(question, "yes"));
        Assert.Equal([("later", "later", "press", "ASK", "anna")], Heard(app));
        Assert.Equal("Another time then, Anna.", app.AssertEdited("ASK", to: "anna").Text);
        app.AssertSent("TOLD_LATER", to: "rita");

        await app.AdvanceAsync(TimeSpan.FromHours(3));
        app.AssertNothingElseSent();
        var story = await app.Services.GetRequiredService<IReminders>().ExplainAsync("slot", "s-1", TestContext.Current.CancellationToken);
        var told = string.Join('\n', story!.Reminders.SelectMany(row => row.Events.Select(one => one.Text).Append(row.Summary)));
        Assert.Contains("Anna pressed “later” (recorded)", told, StringComparison.Ordinal);
        Assert.Contains("Anna pressed “yes” (answered otherwise before, which stands)", told, StringComparison.Ordinal);
        Assert.Contains("The answer: “later”.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_leaves_it_open_changes_nothing_but_is_told_once_and_may_be_followed_by_any_other()
    {
        await using var app = await StartAsync();
        var question = await AskAsync(app);
        Assert.Equal("We'll call you.", await app.PressAsync(question, "call_me"));
        Assert.Equal("Your answer is noted already.", await app.PressAsync(question, "call_me"));
        Assert.Empty(app.Edits);
        // The reminder that would ask again still does.
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        app.AssertSent("ASK_AGAIN", to: "anna");

        Assert.Equal("Good.", await app.PressAsync(question, "yes"));
        Assert.Equal("You have answered already: Yes", await app.PressAsync(question, "call_me"));
        Assert.Equal("Another time then, Anna.", await app.PressAsync(question, "later"));
        Assert.Equal(
            [
                ("call_me", "approved", "press", "ASK", "anna"),
                ("yes", "yes", "press", "ASK", "anna"),
                ("later", "later", "press", "ASK", "anna"),
            ],
            Heard(app)
        );
    }

    /// <summary>The app follows by its own word for it; another word, or another instant, opens the question again.</summary>
    [Fact]
    public async Task The_app_saying_what_was_answered_keeps_the_answer_and_something_else_asks_anew()
    {
        await using var app = await StartAsync();
        var question = await AskAsync(app);
        await app.PressAsync(question, "later");
        var reminders = app.Services.GetRequiredService<IReminders>();
        await reminders.ApplyAsync(Slot with { Status = "later" }, TestContext.Current.CancellationToken);
        Assert.Equal("Your answer is noted already.", await app.PressAsync(question, "later"));
        await reminders.ApplyAsync(Slot, TestContext.Current.CancellationToken);
        Assert.Equal("Another time then, Anna.", await app.PressAsync(question, "later"));
        await reminders.ApplyAsync(Slot with { HappensAt = Slot.HappensAt!.Value.AddHours(1) }, TestContext.Current.CancellationToken);
        await app.SettleAsync();
        var newer = app.Sent.Last(message => message.Kind == "ASK");
        Assert.Equal("We'll call you.", await app.PressAsync(newer, "call_me"));
        await reminders.ApplyAsync(
            Slot with
            {
                Status = "offered",
                HappensAt = Slot.HappensAt.Value.AddHours(1),
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal("We'll call you.", await app.PressAsync(newer, "call_me"));
        Assert.Equal(["later", "later", "call_me", "call_me"], Heard(app).Select(one => one.Choice));
    }

    [Fact]
    public async Task By_hand_any_declared_answer_is_taken_and_another_is_refused_with_those_there_are()
    {
        await using var app = await StartAsync();
        await AskAsync(app);
        var reminders = app.Services.GetRequiredService<IReminders>().By("rita");
        var wrong = await Assert.ThrowsAsync<RemindersRefusedException>(() =>
            reminders.RecordAnswerAsync(new("slot", "s-1", "confirm", "Rita", "phone"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(["answer is 'confirm': it should be yes, later, call_me or never."], wrong.Errors["answer"]);

        var open = await reminders.RecordAnswerAsync(new("slot", "s-1", "call_me", "Rita", "phone"), TestContext.Current.CancellationToken);
        Assert.Equal(("approved", "answered", true), (open.Status, open.Effect, open.Changed));
        var closed = await reminders.RecordAnswerAsync(new("slot", "s-1", "later", "Rita", "phone"), TestContext.Current.CancellationToken);
        Assert.Equal(("later", "answered", true), (closed.Status, closed.Effect, closed.Changed));
        var again = await reminders.RecordAnswerAsync(new("slot", "s-1", "later", "Rita", "phone"), TestContext.Current.CancellationToken);
        Assert.Equal(("later", "already_answered", false), (again.Status, again.Effect, again.Changed));
        var late = await Assert.ThrowsAsync<RemindersRefusedException>(() =>
            reminders.RecordAnswerAsync(new("slot", "s-1", "yes", "Rita", "phone"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("The slot was answered 'later'", late.Message, StringComparison.Ordinal);
        await app.SettleAsync();
        Assert.Equal([("call_me", "approved", "rita", null, null), ("later", "later", "rita", null, null)], Heard(app));
    }

    /// <summary>A message in the chat is older than the deployment: what it offers is no answer any more, and that is said.</summary>
    [Fact]
    public async Task A_press_on_what_the_kind_no_longer_offers_is_kept_and_says_so()
    {
        await using var app = await StartAsync();
        var question = await AskAsync(app);
        await using var newer = await app.StartAnotherAsync(builder => Configure(builder, withLater: false));
        Assert.Equal("This answer is not offered any more; nothing was changed.", await newer.PressAsync(question, "Later"));
        Assert.Empty(Heard(app));
        var story = await newer
            .Services.GetRequiredService<IReminders>()
            .ExplainAsync("slot", "s-1", TestContext.Current.CancellationToken);
        Assert.Contains(
            story!.Reminders.SelectMany(row => row.Events),
            one => one.Text == "Anna pressed “later” (the kind does not offer that any more, so it changed nothing)"
        );
        Assert.Equal("Good.", await newer.PressAsync(question, "yes"));
    }

    /// <summary>The row that both hold decides: one of them counts, and whoever is second hears which.</summary>
    [Fact]
    public async Task Of_two_last_words_at_once_one_counts_and_the_other_is_told_which()
    {
        await using var app = await StartAsync();
        var question = await AskAsync(app);
        await using var other = await app.StartAnotherAsync(builder => Configure(builder, withLater: true));
        var said = await Task.WhenAll(app.PressAsync(question, "later"), other.PressAsync(question, "never"));
        var counted = Assert.Single(Heard(app).Concat(Heard(other))).Choice;
        Assert.Equal(
            counted == "later"
                ? ["Another time then, Anna.", "You have answered already: Later"]
                : ["Never then.", "You have answered already: Never"],
            said.OrderByDescending(text => text.EndsWith('.'))
        );
    }

    private static async Task<SentMessage> AskAsync(ReminderTestHost app)
    {
        await app.Services.GetRequiredService<IReminders>().ApplyAsync(Slot, TestContext.Current.CancellationToken);
        await app.SettleAsync();
        return app.AssertSent("ASK", to: "anna");
    }

    private static IReadOnlyList<(string Choice, string Status, string Way, string? Kind, string? Recipient)> Heard(ReminderTestHost app) =>
        [
            .. app
                .Services.GetRequiredService<Log>()
                .Answers.Select(answer => (answer.Choice, answer.Status, answer.Way, answer.Kind, answer.Recipient)),
        ];

    private static Task<ReminderTestHost> StartAsync() =>
        ReminderTestHost.StartAsync(builder => Configure(builder, withLater: true), new() { Now = HiringApp.Monday });

    private static void Configure(Microsoft.Extensions.Hosting.IHostApplicationBuilder builder, bool withLater)
    {
        builder.Services.AddSingleton<Log>();
        builder
            .Services.AddReminders(builder.Configuration)
            .AddTelegram()
            .OnAnswer<Handler>()
            .AddKind("ASK", kind => Ask(kind, withLater))
            .AddKind(
                "ASK_AGAIN",
                kind =>
                {
                    Ask(kind, withLater);
                    kind.Before = TimeSpan.FromHours(1);
                }
            )
            .AddKind(
                "TOLD_LATER",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To) = ("slot", "later", "recruiter");
                    kind.Templates["en"] = new() { ["text"] = "Later." };
                }
            );
    }

    private static void Ask(KindDefinition kind, bool withLater)
    {
        (kind.Subject, kind.On, kind.To) = ("slot", "approved", "candidate");
        kind.Templates["en"] = new()
        {
            ["text"] = "Will you come?",
            ["moved"] = "Moved.",
            ["cancelled"] = "Off.",
        };
        kind.AddButton("yes", yes => (yes.Label["en"], yes.Reply["en"], yes.Then) = ("Yes", "Good.", AnswerThen.Changeable));
        if (withLater)
        {
            kind.AddButton("later", later => (later.Label["en"], later.Reply["en"]) = ("Later", "Another time then, {recipient}."));
        }

        kind.AddButton("call_me", call => (call.Label["en"], call.Reply["en"], call.Then) = ("Call me", "We'll call you.", AnswerThen.Open))
            .AddButton("never", never => (never.Label["en"], never.Reply["en"]) = ("Never", "Never then."));
    }

    private sealed class Log
    {
        public List<Answer> Answers { get; } = [];
    }

    private sealed class Handler(Log log) : IAnswerHandler
    {
        public Task OnAnswerAsync(Answer answer, DbTransaction transaction, CancellationToken cancellationToken)
        {
            log.Answers.Add(answer);
            return Task.CompletedTask;
        }
    }
}
