using Reminders.Kinds;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Texts;

internal sealed partial class EnglishWords
{
    public override string LeftOut => "This part took longer than three seconds and is left out. Load the page again, or ask for less.";

    protected override string Seconds => "s";
    public override string WhatBecame => "What became of messages";

    public override string Of(NumbersSpan span) =>
        span switch
        {
            NumbersSpan.Hour => "Last hour",
            NumbersSpan.Month => "Last 30 days",
            _ => "Last 24 hours",
        };

    public override string NothingCounted =>
        "Nothing ended in this time. Messages are counted once a minute, and stay counted when they are purged.";

    public override string ChartOf(string sent, string most) =>
        $"Sent: {sent}; at most {most} in one bar. The numbers stand in the table below.";

    public override string BarIs(string bar, string most) =>
        $"One bar is {bar}; the highest has {most}. Outlined on top: dead and in doubt.";

    public override string AsTable => "As a table";
    public override string From => "From";
    public override string Sent => "Sent";
    public override string Dropped => "Dropped";
    public override string HalfWithin => "Half within (p50)";
    public override string NearlyAllWithin => "99 in 100 within (p99)";
    public override string Suppressed => "Asked again, held back";
    public override string SuppressedHint =>
        "Each was asked for although a row stood for it already. That row decided, and nothing was sent twice.";
    public override string NothingSuppressed => "Nobody asked for anything twice.";
    public override string ShowSuppressed => "Show what was held back, and why";
    public override string Rule => "Rule";
    public override string HowOften => "Times";
    public override string DecidedBy => "Decided by";
    public override string Scheduler => "Scheduler (Quartz)";
    public override string SchedulerHint =>
        "A trigger says when, never whether: one that finds nothing does nothing, and what has none is fired by the reconciler "
        + "within seconds of its time. So a missing trigger is harmless.";

    public override string WithoutTrigger(long count) =>
        count == 0
            ? "Each of the next instants has its trigger."
            : $"{Count(count, "instant", "instants")} without a trigger. "
                + "That is harmless: the reconciler puts it back, and fires without it.";

    public override string DueInstants => "Instants to come";
    public override string NoTriggers => "No trigger waits: nothing is planned for later.";

    public override string TriggerState(string state) => state;

    public override string OccurrencesWait => "Reminders that wait";
    public override string NothingWaitsThere => "none: it will find nothing, which is harmless";
    public override string RunsNow => "Running now";
    public override string NothingRuns => "Nothing runs at this moment.";
    public override string LastDay => "The last 24 hours";
    public override string NothingRan => "Nothing ran within a day.";
    public override string Runs => "Runs";
    public override string FailedRuns => "Failed";
    public override string Missed => "Missed";
    public override string LastRun => "Last run";
    public override string FailedAndMissed => "Failed and missed";
    public override string NothingFailed => "No run failed and no trigger was missed.";

    public override string RunEnded(bool failed) => failed ? "failed" : "missed, and fired late";

    public override string Kinds => "Kinds of messages";
    public override string SentWhen => "When";
    public override string SentTo => "To";
    public override string WhomAskedFor => "whomever it is asked for";

    public override string KindIsDue(KindDefinition kind) =>
        kind.On.Length == 0 ? (kind.Delay > TimeSpan.Zero ? $"{Span(kind.Delay)} after it is asked for" : "as soon as it is asked for")
        : kind.Before is { } before ? $"{Span(before)} before the start, once it is {BookingState(kind.On)}"
        : $"at once when it is {kind.On}";

    public override string KindIsUseful(KindDefinition kind) =>
        kind.Before is null ? $"{Span(kind.UsefulFor)} after it is due"
        : kind.UsefulUntilBefore > TimeSpan.Zero ? $"{Span(kind.UsefulUntilBefore)} before the start"
        : "the start";

    public override string KindGoesTo(KindDefinition kind) =>
        $"{string.Join(", ", kind.Channels)}: {(kind.EveryChannel ? "each that reaches them" : "the first that reaches them")}";

    public override string ToldOnce => "Told once";

    public override string KindIsOnce(KindDefinition kind) =>
        kind.Identity switch
        {
            IdentityPolicy.Once => "to each person, ever",
            IdentityPolicy.Window => $"within {Span(kind.Window)}",
            _ => "for each version of what it is about",
        };

    public override string Follows => "Follows";
    public override string Gathers => "Gathered for";
    public override string Buttons => "Buttons";
    public override string Samples => "What it says";
    public override string SamplesHint => "Written by the engine itself, with invented people and a start tomorrow at noon (UTC).";

    public override string LocaleIs(string locale) => $"Language: {locale}";

    public override string TextIs(string text) => text == "text" ? "As it is sent" : $"After it was sent: {text}";

    public override string CannotBeWritten => "It cannot be written";

    public override string InTheirChat(string name) => $"As {name} sees it";

    public override string Of(ChatStage stage) =>
        stage switch
        {
            ChatStage.Before => "Nothing has arrived yet. It will say:",
            ChatStage.InDoubt => "Nobody knows whether it arrived. It says:",
            ChatStage.Edited => "It was sent earlier as another text, and changed to this.",
            ChatStage.BeingEdited => "What was sent earlier says something else, and is being changed to this.",
            ChatStage.Never => "It did not arrive. It would have said:",
            _ => "It stands there as it was sent.",
        };

    public override string SentAt => "Sent:";
    public override string EditedAt => "Changed:";

    public override string ChatHint(string channel, string locale, string zone) =>
        $"Written by the engine with the texts and facts of now, for {channel}, in {locale}, by the clock of {zone}. What went "
        + $"out before a text of the kind was changed may read otherwise.";

    public override string AnotherText => "Not as it stands below";

    public override string Filter => "Filter";

    public override string FilterSet(string filter) => $"Filter: {filter}";

    public override string SearchHint =>
        "Of a person the beginning of the name, or your own number for them. Of what it is about the booking's id, or your own key. Of the "
        + "reason a part of it, or its code.";

    public override string LookedTo(string? filter, string end, string? state) =>
        (filter is null ? "" : $"Nothing matches so far: {filter}. ")
        + state switch
        {
            "dead" => $"Looked through what died since {end}.",
            "uncertain" => $"Looked through what is of use until {end}.",
            _ => $"Looked through what was written since {end}.",
        };

    public override string LookFurther => "Look further";

    public override string LookedUntil(string end) => $"Looked through the bookings until {end}.";

    public override string HeldUpBy(PauseNow pause, string? until) =>
        $"{(pause.Channel is { } channel ? $"{channel}: paused" : "Paused")} by {Who(pause.By)} "
        + (until is null ? "until somebody resumes it" : $"until {until}");

    public override string StartCode(string name) => $"The start link of {name} as a code to scan";
}
