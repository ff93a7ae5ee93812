using System.Globalization;
using Reminders.Outbox;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;
using Reminders.Words;

namespace Reminders.Web.Console.Texts;

/// <summary>
/// Every word of the console, in one language. Each is a member that a language must have: what is not translated does not compile, and
/// what a page does not use is found by a test.
/// </summary>
internal abstract partial class ConsoleWords
{
    public static readonly string[] Languages = ["en", "ru"];

    private static readonly ConsoleWords English = new EnglishWords();
    private static readonly ConsoleWords Russian = new RussianWords();

    public static ConsoleWords In(string language) => language == "ru" ? Russian : English;

    public abstract string Language { get; }

    /// <summary>The engine's own words for what happened and why, in the same language.</summary>
    public Wording Story => Wording.Find(Language)!;

    public abstract CultureInfo Culture { get; }

    /// <summary>"1 message", "2 messages": by the number, as the language has it.</summary>
    public abstract string Messages(long count);

    public abstract string People(long count);

    /// <summary>More than was counted is said to be so.</summary>
    public string Bounded(long count) => count > Board.Most ? Number(Board.Most) + "+" : Number(count);

    public string Number(long count) => count.ToString("N0", Culture);

    public string Clock(DateTimeOffset at, TimeZoneInfo zone) => In(at, zone).ToString("t", Culture);

    public string Day(DateTimeOffset at, TimeZoneInfo zone) => Day(DateOnly.FromDateTime(In(at, zone).DateTime));

    public abstract string Day(DateOnly day);

    public abstract string LongDay(DateOnly day);

    /// <summary>The day is left out where it is <paramref name="today"/>; the zone never is.</summary>
    public string When(DateTimeOffset at, TimeZoneInfo zone, DateTimeOffset? today = null) =>
        today is { } now && In(now, zone).Date == In(at, zone).Date
            ? $"{Clock(at, zone)} ({zone.Id})"
            : $"{Day(at, zone)}, {Clock(at, zone)} ({zone.Id})";

    public string Exactly(DateTimeOffset at, TimeZoneInfo zone) =>
        In(at, zone).ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture) + $" ({zone.Id})";

    /// <summary>"in 12 minutes", "3 hours ago".</summary>
    public abstract string Away(TimeSpan from);

    public abstract string Span(TimeSpan span);

    private static DateTimeOffset In(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone);

    // The frame around every page.
    public abstract string Console { get; }
    public abstract string SkipToContent { get; }
    public abstract string Menu { get; }
    public abstract string Bookings { get; }
    public abstract string Overview { get; }
    public abstract string Outbox { get; }
    public abstract string Cluster { get; }
    public abstract string Audit { get; }
    public abstract string Accounts { get; }
    public abstract string Find { get; }
    public abstract string FindHint { get; }
    public abstract string SignedInAs(string name, ConsoleRole role);
    public abstract string SignOut { get; }
    public abstract string EndAllSessions { get; }
    public abstract string OtherLanguage { get; }
    public abstract string Theme { get; }
    public abstract string ThemeName(string theme);
    public abstract string Change { get; }
    public abstract string TimesAreIn(string zone);
    public abstract string Next { get; }
    public abstract string First { get; }
    public abstract string Show { get; }
    public abstract string Clear { get; }
    public abstract string Back { get; }
    public abstract string Any { get; }
    public abstract string None { get; }
    public abstract string By { get; }
    public abstract string State { get; }
    public abstract string Time { get; }
    public abstract string Reason { get; }
    public abstract string Live { get; }

    /// <summary>{0} is the time of the last update.</summary>
    public abstract string NotLive { get; }
    public abstract string StopLive { get; }
    public abstract string StartLive { get; }
    public abstract string SessionOver { get; }

    public abstract string Keys { get; }
    public abstract IReadOnlyList<(string Key, string Does)> KeysDo { get; }

    // What went wrong.
    public abstract (string Title, string Says) Trouble(Trouble trouble);

    /// <summary>After a form that was too old, and where it is again.</summary>
    public abstract string TypedIsKept { get; }
    public abstract string GoOnWithIt { get; }
    public abstract string TraceId(string id);

    // Coming in.
    public abstract string SignIn { get; }
    public abstract string Login { get; }
    public abstract string Password { get; }
    public abstract string PasswordHint(int shortest);
    public abstract string WrongSignIn { get; }
    public abstract string Locked(TimeSpan left);
    public abstract string HaveCode { get; }
    public abstract string Join { get; }
    public abstract string JoinHint(TimeSpan life);
    public abstract string Code { get; }
    public abstract string CodeUsed(TimeSpan life);
    public abstract string CodeWrong { get; }
    public abstract string LoginWrong { get; }

    // Slots.
    public abstract string Today { get; }
    public abstract string Week { get; }
    public abstract string WeekFrom(string day);
    public abstract string NeedsMe { get; }
    public abstract string PreviousDay { get; }
    public abstract string NextDay { get; }
    public abstract string Date { get; }
    public abstract string NobodyToday(bool mine);
    public abstract string NextSlotOn(string day);
    public abstract string NoSlotLater { get; }
    public abstract string NothingNeedsMe { get; }
    public abstract string Candidate { get; }
    public abstract string Recruiter { get; }
    public abstract string Interview { get; }
    public abstract string Place { get; }
    public abstract string NextStep { get; }
    public abstract string ForCandidate(string time);
    public abstract string Of(SlotState state);
    public abstract string ReminderAt(string time);
    public abstract string BeingSent { get; }
    public abstract string NothingToCome(SlotState state);

    // A booking.
    public abstract string BookingOf(string name);
    public abstract string BookingState(string status);
    public abstract string Version(long version);
    public abstract string StartLink { get; }
    public abstract string StartLinkHint(string name);
    public abstract string CanBeReached(bool yes);
    public abstract string Timeline { get; }
    public abstract string NoReminders { get; }
    public abstract string MoreReminders(int more);
    public abstract string StepName(Explain.StoryStep step);
    public abstract string KindName(string kind);
    public abstract string DecidedByRow(long row);

    // What can be done.
    public abstract string Act(string act);
    public abstract string ActOn(string act, string what);
    public abstract string ActOnBooking(string act, string name);
    public abstract string WhatHappens { get; }
    public abstract string NewStart(string zone);
    public abstract string NothingIsSent { get; }
    public abstract string AlreadySo { get; }
    public abstract string Refused(string reason);
    public abstract string Says(Consequence one, TimeZoneInfo zone, DateTimeOffset now);
    public abstract string ActHint(string act);
    public abstract string ReasonHint { get; }
    public abstract string ReasonMissing { get; }
    public abstract string KeepAsItIs { get; }
    public abstract string Done(string act);
    public abstract string ChangedMeanwhile(LastChange? last, TimeZoneInfo zone);
    public abstract string StartWrong { get; }
    public abstract string LookFirst { get; }
    public abstract string NameOfTheirs { get; }
    public abstract string ChatOfTheirs { get; }
    public abstract string LanguageOfTheirs { get; }

    // The outbox.
    public abstract string Of(MessageState state);
    public abstract string MessageNumber(long id);
    public abstract string NoMessages { get; }
    public abstract string FilterIs(string filter);
    public abstract string Kind { get; }
    public abstract string Channel { get; }
    public abstract string Person { get; }
    public abstract string About { get; }
    public abstract string Written { get; }
    public abstract string UsefulUntil { get; }
    public abstract string PastUse { get; }
    public abstract string Attempts { get; }
    public abstract string Node { get; }
    public abstract string Outcome { get; }
    public abstract string Detail { get; }
    public abstract string ProviderId { get; }
    public abstract string Copies { get; }
    public abstract string CopyNumber(int number);
    public abstract string Answers { get; }
    public abstract string Decisions { get; }
    public abstract string NoAttempts { get; }

    // The whole.
    public abstract string AllIsWell { get; }
    public abstract string WhatIsWrong { get; }
    public abstract string Numbers { get; }
    public abstract string InDoubtWait(string count, string? until);
    public abstract string DeadToday(string count);
    public abstract string OldestWaits(string span);
    public abstract string ChannelState(string name, string state);
    public abstract string NodeIsGone(string name, string when);
    public abstract string NodeIsOff(string name, string skew);
    public abstract string NoNode { get; }
    public abstract string CommandLine { get; }
    public abstract string InDoubt { get; }
    public abstract string Dead { get; }
    public abstract string Waiting { get; }
    public abstract string Sending { get; }
    public abstract string DueSoon { get; }
    public abstract string Nodes { get; }
    public abstract string Channels { get; }
    public abstract string Since { get; }
    public abstract string Until { get; }
    public abstract string LastSeen { get; }
    public abstract string Started { get; }
    public abstract string BuildVersion { get; }
    public abstract string Skew { get; }
    public abstract string Leads { get; }
    public abstract string Hangs { get; }
    public abstract string IsThere { get; }
    public abstract string IsGone { get; }

    // Doctor.
    public abstract string Doctor { get; }
    public abstract string DoctorHint { get; }
    public abstract string Found { get; }
    public abstract string WhatToDo { get; }
    public abstract string InOrder { get; }
    public abstract string WantsALook { get; }
    public abstract string Broken { get; }

    // The audit.
    public abstract string NoAudit { get; }
    public abstract string Deed { get; }
    public abstract string Before { get; }
    public abstract string After { get; }
    public abstract string WasRefused { get; }

    // People.
    public abstract string NothingFound(string what);

    /// <summary>With {0} for how many.</summary>
    public abstract string NewRows { get; }
    public abstract string AskForSomething { get; }
    public abstract string Reference { get; }
    public abstract string Addresses { get; }
    public abstract string LastMessages { get; }
    public abstract string ZoneOfTheirs { get; }

    // Accounts.
    public abstract string Role { get; }
    public abstract string RoleName(ConsoleRole role);
    public abstract string Invite { get; }
    public abstract string RecruiterReference { get; }
    public abstract string CodeIs(string code);
    public abstract string Disable { get; }
    public abstract string Enable { get; }
    public abstract string ResetPassword { get; }
    public abstract string Disabled { get; }
    public abstract string LastSignIn { get; }
    public abstract string Created { get; }
}
