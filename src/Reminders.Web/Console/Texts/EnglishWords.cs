using System.Globalization;
using Reminders.Explain;
using Reminders.Outbox;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Texts;

internal sealed partial class EnglishWords : ConsoleWords
{
    public override string Language => "en";
    public override CultureInfo Culture { get; } = CultureInfo.GetCultureInfo("en-GB");

    public override string Messages(long count) => Count(count, "message", "messages");

    public override string People(long count) => Count(count, "person", "people");

    public override string Day(DateOnly day) => day.ToString("ddd d MMM", Culture);

    public override string LongDay(DateOnly day) => day.ToString("dddd, d MMMM yyyy", Culture);

    public override string Away(TimeSpan from) => from < TimeSpan.Zero ? $"{Span(-from)} ago" : $"in {Span(from)}";

    public override string Span(TimeSpan span) =>
        span.TotalSeconds < 90 ? Count((long)span.TotalSeconds, "second", "seconds")
        : span.TotalMinutes < 90 ? Count((long)span.TotalMinutes, "minute", "minutes")
        : span.TotalHours < 36 ? Count((long)span.TotalHours, "hour", "hours")
        : Count((long)span.TotalDays, "day", "days");

    public override string Console => "Reminders";
    public override string SkipToContent => "Skip to the content";
    public override string Menu => "Pages";
    public override string Bookings => "Bookings";
    public override string Overview => "Overview";
    public override string Outbox => "Outbox";
    public override string Cluster => "Cluster";
    public override string Audit => "Audit";
    public override string Accounts => "Accounts";
    public override string Find => "Find";
    public override string FindHint => "Booking, name, reference, chat or e-mail";

    public override string SignedInAs(string name, ConsoleRole role) => $"{name}, {RoleName(role).ToLower(Culture)}";

    public override string SignOut => "Sign out";
    public override string EndAllSessions => "End all my sessions";
    public override string OtherLanguage => "Русский";
    public override string Theme => "Colours";

    public override string ThemeName(string theme) =>
        theme switch
        {
            "light" => "Light",
            "dark" => "Dark",
            _ => "As the system",
        };

    public override string Change => "Change";

    public override string TimesAreIn(string zone) => $"Times are those of {zone}.";

    public override string Next => "Next page";
    public override string First => "First page";
    public override string Show => "Show";
    public override string Clear => "Clear the filter";
    public override string Back => "Back";
    public override string Any => "any";
    public override string None => "none";
    public override string By => "By";
    public override string State => "State";
    public override string Time => "Time";
    public override string Reason => "Reason";
    public override string Live => "live";
    public override string NotLive => "not live: as of {0}, trying again";
    public override string StopLive => "Stop live update";
    public override string StartLive => "Update live";
    public override string SessionOver => "Your session is over. Sign in again in another tab; what you typed stays here.";

    public override string Keys => "Keys";
    public override IReadOnlyList<(string Key, string Does)> KeysDo { get; } =
    [
        ("?", "show these"),
        ("/", "find"),
        ("g b, g v, g o, g c", "bookings, overview, outbox, cluster"),
        ("j, k", "next row, row before"),
        ("Enter", "open the row"),
        ("[, ]", "day before, day after"),
        ("a, m, x", "approve, move, cancel"),
        ("Esc", "leave it as it is"),
    ];

    public override (string Title, string Says) Trouble(Trouble trouble) =>
        trouble.Status switch
        {
            400 => (
                "This form cannot be taken",
                "It is too old, or came from elsewhere. Go back, load the page again, and send it once more."
            ),
            403 => ("This is not for you", "Your role may not see this page. An administrator can give you another one."),
            404 => ("There is nothing here", "It is gone, or never was, or is somebody else's."),
            405 => ("This cannot be done here", "The page takes no such request."),
            503 when trouble.Cause == TroubleCause.TookTooLong => (
                "This took too long",
                "It was ended after three seconds; other pages may be quicker. Nothing was changed. This page tries again by itself "
                    + "every five seconds."
            ),
            503 when trouble.Cause == TroubleCause.OtherSchema => (
                "The database is of another version than this program",
                "An upgrade is under way, or its scripts were not applied. Nothing was changed. This page tries again by itself "
                    + "every five seconds; an operator finds what is missing by “reminders doctor”."
            ),
            503 => ("The database does not answer", "Nothing was changed. This page tries again by itself every five seconds."),
            _ => ("Something went wrong", "It is in the log, under the number below."),
        };

    public override string TypedIsKept => "Nothing was done, and what you typed is kept.";
    public override string GoOnWithIt => "Go on with it";

    public override string TraceId(string id) => $"Number: {id}";

    public override string SignIn => "Sign in";
    public override string Login => "Login";
    public override string Password => "Password";

    public override string PasswordHint(int shortest) => $"At least {shortest} characters.";

    public override string WrongSignIn => "There is no such login, or the password is another.";

    public override string Locked(TimeSpan left) =>
        $"Too many wrong tries. Try again in {Span(TimeSpan.FromMinutes(Math.Ceiling(left.TotalMinutes)))}.";

    public override string HaveCode => "I have a code";
    public override string Join => "Make an account";

    public override string JoinHint(TimeSpan life) =>
        $"24 letters and digits, good once and for {Span(life)}. An administrator makes one on the page “Accounts”, also for another "
        + "password: with that, give the login that you have. On the server “reminders accounts invite” and “reminders accounts reset” "
        + "print one, and the service prints the first.";

    public override string Code => "Code";

    public override string CodeUsed(TimeSpan life) =>
        $"The code was used, or is older than {Span(life)}, or the login is taken. Try another login with the same code (with one for "
        + "another password, the login that you have). If that is refused as well, ask for a new one: an administrator makes it on the "
        + "page “Accounts”, and “reminders accounts invite” prints one on the server.";

    public override string CodeWrong =>
        "This is no code: one has 24 letters and digits, and no 0, 1, I or O. Copy it once more from where you have it.";

    public override string LoginWrong => "Give a login of 1 to 100 characters.";

    public override string Today => "Today";
    public override string Week => "Week";

    public override string WeekFrom(string day) => $"Seven days from {day}";

    public override string NeedsMe => "Needs me";
    public override string PreviousDay => "Day before";
    public override string NextDay => "Day after";
    public override string Date => "Day";

    public override string NobodyToday(bool mine) => mine ? "Nobody is booked with you on this day." : "Nobody is booked on this day.";

    public override string NextSlotOn(string day) => $"The next is on {day}.";

    public override string NoSlotLater => "Nobody is booked later either.";
    public override string NothingNeedsMe => "Nothing of the next seven days needs you.";
    public override string Candidate => "Candidate";
    public override string Recruiter => "Recruiter";
    public override string Interview => "Interview";
    public override string Place => "Place";
    public override string NextStep => "What comes next";

    public override string ForCandidate(string time) => $"for the candidate {time}";

    public override string Of(SlotState state) =>
        state switch
        {
            SlotState.Requested => "Requested",
            SlotState.Approved => "Approved",
            SlotState.Unreachable => "Can't be reached yet",
            SlotState.Reminded => "Reminded",
            SlotState.Confirmed => "Confirmed",
            SlotState.Declined => "Declined",
            SlotState.NoAnswer => "No answer",
            SlotState.InDoubt => "In doubt",
            SlotState.NotReminded => "Not reminded",
            _ => "Cancelled",
        };

    public override string ReminderAt(string time) => $"Reminder {time}";

    public override string BeingSent => "The reminder is on its way";

    public override string NothingToCome(SlotState state) =>
        state switch
        {
            SlotState.Requested => "Waits for approval",
            SlotState.Unreachable => "Send them the start link",
            SlotState.Reminded => "Waits for an answer",
            SlotState.Declined => "Find another time, or another candidate",
            SlotState.NoAnswer or SlotState.NotReminded => "Get in touch",
            SlotState.InDoubt => "Nobody knows whether the reminder arrived: ask, or let an operator decide",
            _ => "Nothing to do",
        };

    public override string BookingOf(string name) => $"Booking of {name}";

    public override string BookingState(string status) =>
        status switch
        {
            "proposed" => "requested",
            _ => status,
        };

    public override string Version(long version) => $"version {version}";

    public override string StartLink => "Start link";

    public override string StartLinkHint(string name) => $"Send it to {name}: it opens the bot, which can then write to them.";

    public override string CanBeReached(bool yes) => yes ? "can be reached" : "can't be reached yet";

    public override string Timeline => "What happened";
    public override string NoReminders => "Nothing is planned for it: approve it, and its reminder is.";

    public override string MoreReminders(int more) => $"{more} more follow.";

    public override string StepName(StoryStep step) =>
        step switch
        {
            StoryStep.Planned => "planned",
            StoryStep.Suppressed => "asked again",
            StoryStep.Fired => "time came",
            StoryStep.Cancelled => "taken back",
            StoryStep.Pressed => "pressed",
            StoryStep.Answered => "answered",
            StoryStep.Operator => "decided",
            StoryStep.Queued => "queued",
            StoryStep.Claimed => "claimed",
            StoryStep.Attempted => "tried",
            StoryStep.Deployed => "deployed",
            _ => "ended",
        };

    public override string KindName(string kind) =>
        kind switch
        {
            "CONFIRM_2H" => "reminder with two buttons",
            "NO_ANSWER_1H" => "word that there is no answer",
            "CANDIDATE_CONFIRMED" => "word that it was confirmed",
            "CANDIDATE_DECLINED" => "word that it was declined",
            "REMINDER_HELD" => "word that the reminder is in doubt",
            _ => kind,
        };

    public override string DecidedByRow(long row) => $"decided by row {row}";

    public override string Act(string act) =>
        act switch
        {
            "approve" => "Approve",
            "again" => "Ask again",
            "give" => "Give to somebody else",
            "move" => "Move",
            "cancel" => "Cancel",
            "arrived" => "It arrived",
            "lost" => "It did not arrive",
            "resend" => "Send again",
            "replay" => "Replay",
            "pause" => "Pause",
            "resume" => "Resume",
            "stop" => "Stop",
            "disable" => Disable,
            "enable" => Enable,
            "revoke" => "Revoke",
            _ => act,
        };

    public override string ActOn(string act, string what) =>
        act is "pause" or "resume" or "disable" or "enable" or "revoke" ? $"{Act(act)} {what}" : $"{what}: {Act(act).ToLower(Culture)}";

    public override string ActOnBooking(string act, string name) =>
        act switch
        {
            "again" => $"Ask {name} again",
            "give" => $"Give the booking of {name} to somebody else",
            _ => $"{Act(act)} the booking of {name}",
        };

    public override string WhatHappens => "What happens";

    public override string NewStart(string zone) => $"New start ({zone})";

    public override string NothingIsSent => "Nothing is sent.";
    public override string AlreadySo => "It is so already: nothing is changed.";

    public override string Refused(string reason) => $"It would be refused: {reason}";

    public override string Says(Consequence one, TimeZoneInfo zone, DateTimeOffset now) =>
        one.What switch
        {
            "planned" => one.At <= now
                ? $"{one.Name} gets one message now: {KindName(one.Kind)}."
                : $"{one.Name} gets one message on {When(one.At, zone)}: {KindName(one.Kind)}.",
            "dropped" => $"The {KindName(one.Kind)} to {one.Name}, planned for {When(one.At, zone)}, is dropped.",
            "skipped" => $"{one.Name} gets no {KindName(one.Kind)}: {Story.Reason(one.Reason)}.",
            "edited" => $"The message that {one.Name} has is changed to say how it stands, without buttons.",
            "edited later" => $"A message to {one.Name} is on its way, or in doubt; if it arrived, it is changed to say how it stands.",
            "unsent" => $"A message to {one.Name} that waits is dropped.",
            "sent" => $"Message {one.Message} counts as sent. Nothing is sent; its buttons work.",
            "dead" => $"Message {one.Message} itself is closed: it is not tried again.",
            _ when one.Copy > 0 => $"{one.Name} may get it twice: copy {one.Copy + 1} leaves now.",
            _ => $"{one.Name} gets one message now: {KindName(one.Kind)}.",
        };

    public override string ActHint(string act) =>
        act switch
        {
            "arrived" => "Say so when somebody saw it, or was asked.",
            "lost" => "It is not sent again. The recruiter is told to get in touch.",
            "resend" => "If the first one did arrive after all, there will be two.",
            "replay" => "A new message leaves now; the dead one stays as it is.",
            "pause" => "Nothing of it leaves, on any node. What is under way ends.",
            "resume" => "Where a provider is in trouble, it is tried with one message first.",
            _ => "",
        };

    public override string ReasonHint => "It is kept with your name, and anybody who asks later reads it.";
    public override string ReasonMissing => "Say why, in 1 to 1,000 characters.";
    public override string KeepAsItIs => "Leave it as it is";

    public override string Done(string act) =>
        act switch
        {
            "approve" => "Approved.",
            "again" => "Asked again.",
            "give" => "Given to somebody else.",
            "move" => "Moved.",
            "cancel" => "Cancelled.",
            "arrived" => "It counts as sent.",
            "lost" => "It is given up, and the recruiter is told.",
            "resend" => "Another copy leaves now.",
            "replay" => "A new message leaves now.",
            "pause" => "Paused.",
            "stop" => "Stopped.",
            "resume" => "Resumed.",
            "disable" => "Disabled.",
            "enable" => "Enabled.",
            "revoke" => "Revoked.",
            _ => "Done.",
        };

    public override string ChangedMeanwhile(LastChange? last, TimeZoneInfo zone)
    {
        var whom = last is null ? "" : $", on {When(last.At, zone)} by {last.By ?? "an answer"}";
        return $"It was changed after this page was made{whom}, so nothing was done. "
            + "Below is how it stands now; what you typed is still there.";
    }

    public override string StartWrong => "Give a day and a time in the future, such as 2027-03-01 15:00.";
    public override string NameOfTheirs => "Name";
    public override string ChatOfTheirs => "Telegram chat, where it is known";
    public override string LanguageOfTheirs => "Language, such as en or ru";
    public override string LookFirst => "See what happens";

    public override string Of(MessageState state) =>
        state switch
        {
            MessageState.Pending => "waiting",
            MessageState.Sending => "sending",
            MessageState.Retry => "retry",
            MessageState.Sent => "sent",
            MessageState.Uncertain => "in doubt",
            MessageState.Dead => "dead",
            _ => "cancelled",
        };

    public override string MessageNumber(long id) => $"Message {id}";

    public override string NoMessages => "No message is in this state. What is sent, waits or failed stands here.";

    public override string FilterIs(string filter) => $"Nothing matches: {filter}.";

    public override string Kind => "Kind";
    public override string Channel => "Channel";
    public override string Person => "Person";
    public override string About => "About";
    public override string Written => "Written";
    public override string UsefulUntil => "Of use until";
    public override string PastUse => "past its use";
    public override string Attempts => "Attempts";
    public override string Node => "Node";
    public override string Outcome => "Outcome";
    public override string Detail => "What the provider said";
    public override string ProviderId => "Provider's number";
    public override string Copies => "Copies and edits";

    public override string CopyNumber(int number) => $"copy {number + 1}";

    public override string Answers => "Answers";
    public override string Decisions => "Decisions";
    public override string NoAttempts => "It was not tried yet.";

    public override string AllIsWell => "All is well: nothing waits for anybody.";
    public override string WhatIsWrong => "What is wrong";
    public override string Numbers => "Numbers";

    public override string InDoubtWait(string count, string? until) =>
        $"Nobody knows whether {count} arrived." + (until is null ? "" : $" The first is of use until {until}.");

    public override string DeadToday(string count) => $"Given up within 24 hours: {count}.";

    public override string OldestWaits(string span) => $"A message that is due has waited for {span}.";

    public override string ChannelState(string name, string state) =>
        state switch
        {
            "open" => $"{name} is open",
            "stopped" => $"{name} was stopped by hand",
            "broken" => $"{name} is broken",
            "resting" => $"{name} does not answer, and rests",
            "answering" => $"{name} answers again",
            "waiting" => $"{name} was asked to wait",
            _ => $"{name} finds out whose limit was met",
        };

    public override string NodeIsGone(string name, string when) => $"The node {name} has given no sign of life since {when}.";

    public override string NodeIsOff(string name, string skew) => $"The clock of the node {name} is {skew} off.";

    public override string NoNode => "No node runs: nothing is sent.";
    public override string CommandLine => "On the command line";
    public override string InDoubt => "In doubt";
    public override string Dead => "Dead";
    public override string Waiting => "Waiting";
    public override string Sending => "Sending";
    public override string DueSoon => "Due within an hour";
    public override string Nodes => "Nodes";
    public override string Channels => "Channels";
    public override string Since => "Since";
    public override string Until => "Until";
    public override string LastSeen => "Last sign of life";
    public override string Started => "Started";
    public override string BuildVersion => "Build";
    public override string Skew => "Clock off by";
    public override string Leads => "Leads";
    public override string Hangs => "Stands still";
    public override string IsThere => "there";
    public override string IsGone => "gone";

    public override string Doctor => "Doctor";
    public override string DoctorHint => "Looked just now. What is wrong stands first.";
    public override string Found => "What was found";
    public override string WhatToDo => "What to do";
    public override string InOrder => "in order";
    public override string WantsALook => "wants a look";
    public override string Broken => "broken";

    public override string NoAudit => "Nobody has done anything yet.";
    public override string Deed => "What was done";
    public override string Before => "Before";
    public override string After => "After";
    public override string WasRefused => "refused";

    public override string NothingFound(string what) => $"Nothing is called “{what}”: no booking, no person, no address.";

    public override string NewRows => "{0} new, show";
    public override string AskForSomething =>
        "Give a booking's number, part of a name, a reference, a chat, an e-mail address or a phone number.";
    public override string Reference => "Reference";
    public override string Addresses => "Addresses";
    public override string LastMessages => "Last messages";
    public override string ZoneOfTheirs => "Zone";

    public override string Role => "Role";

    public override string RoleName(ConsoleRole role) =>
        role switch
        {
            ConsoleRole.Recruiter => "Recruiter",
            ConsoleRole.Operator => "Operator",
            _ => "Administrator",
        };

    public override string Invite => "Invite somebody";
    public override string RecruiterReference => "Reference of the recruiter";

    public override string CodeIs(string code) =>
        $"Give them this code, which is good for one hour and once. It is typed on the page behind “{HaveCode}”, below the sign-in: {code}";

    public override string Disable => "Disable";
    public override string Enable => "Enable";
    public override string ResetPassword => "Code for another password";
    public override string Disabled => "disabled";
    public override string LastSignIn => "Last sign-in";
    public override string Created => "Made";

    private string Count(long count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";
}
