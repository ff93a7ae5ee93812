using Reminders.Kinds;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Texts;

// Numbers, the scheduler, kinds, and what stands in a chat.
internal abstract partial class ConsoleWords
{
    /// <summary>A time too short for words: "0.4 s", "12 min".</summary>
    public string Short(TimeSpan span) =>
        span.TotalSeconds < 10 ? $"{span.TotalSeconds.ToString("0.##", Culture)} {Seconds}"
        : span.TotalSeconds < 120 ? $"{span.TotalSeconds.ToString("0", Culture)} {Seconds}"
        : Span(span);

    protected abstract string Seconds { get; }

    /// <summary>In the place of a part of a page.</summary>
    public abstract string LeftOut { get; }
    public abstract string WhatBecame { get; }
    public abstract string Of(NumbersSpan span);
    public abstract string NothingCounted { get; }
    public abstract string ChartOf(string sent, string most);
    public abstract string BarIs(string bar, string most);
    public abstract string AsTable { get; }
    public abstract string From { get; }
    public abstract string Sent { get; }
    public abstract string Dropped { get; }
    public abstract string HalfWithin { get; }
    public abstract string NearlyAllWithin { get; }
    public abstract string Suppressed { get; }
    public abstract string SuppressedHint { get; }
    public abstract string NothingSuppressed { get; }
    public abstract string ShowSuppressed { get; }
    public abstract string Rule { get; }
    public abstract string HowOften { get; }
    public abstract string DecidedBy { get; }
    public abstract string Scheduler { get; }
    public abstract string SchedulerHint { get; }
    public abstract string WithoutTrigger(long count);
    public abstract string DueInstants { get; }
    public abstract string NoTriggers { get; }
    public abstract string TriggerState(string state);
    public abstract string OccurrencesWait { get; }
    public abstract string NothingWaitsThere { get; }
    public abstract string RunsNow { get; }
    public abstract string NothingRuns { get; }
    public abstract string LastDay { get; }
    public abstract string NothingRan { get; }
    public abstract string Runs { get; }
    public abstract string FailedRuns { get; }
    public abstract string Missed { get; }
    public abstract string LastRun { get; }
    public abstract string FailedAndMissed { get; }
    public abstract string NothingFailed { get; }
    public abstract string RunEnded(bool failed);
    public abstract string Kinds { get; }
    public abstract string SentWhen { get; }
    public abstract string SentTo { get; }
    public abstract string WhomAskedFor { get; }
    public abstract string KindIsDue(KindDefinition kind);
    public abstract string KindIsUseful(KindDefinition kind);
    public abstract string KindGoesTo(KindDefinition kind);
    public abstract string ToldOnce { get; }
    public abstract string KindIsOnce(KindDefinition kind);
    public abstract string Follows { get; }
    public abstract string Gathers { get; }
    public abstract string Buttons { get; }
    public abstract string Samples { get; }
    public abstract string SamplesHint { get; }
    public abstract string LocaleIs(string locale);
    public abstract string TextIs(string text);
    public abstract string CannotBeWritten { get; }
    public abstract string InTheirChat(string name);
    public abstract string Of(ChatStage stage);
    public abstract string SentAt { get; }
    public abstract string EditedAt { get; }
    public abstract string ChatHint(string channel, string locale, string zone);
    public abstract string StartCode(string name);
    public abstract string AnotherText { get; }
    public abstract string Filter { get; }
    public abstract string FilterSet(string filter);
    public abstract string SearchHint { get; }

    /// <param name="filter">What nothing was found for; null where something was.</param>
    /// <param name="state">The state that is asked for, as the column has it.</param>
    public abstract string LookedTo(string? filter, string end, string? state);
    public abstract string LookFurther { get; }
    public abstract string LookedUntil(string end);

    /// <summary>What stops a reminder that would go by itself.</summary>
    public abstract string HeldUpBy(PauseNow pause, string? until);
}
