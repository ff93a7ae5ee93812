using Reminders.Outbox.Operators;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Texts;

/// <summary>What is said of queues that are stopped, and of many messages at once.</summary>
internal abstract partial class ConsoleWords
{
    public abstract string IsOpen { get; }
    public abstract string IsStopped { get; }
    public abstract string IsPaused(PauseNow pause, TimeZoneInfo zone);
    public abstract string PauseUntil(string zone);
    public abstract string UntilWrong { get; }
    public abstract string WhilePaused(Forecast forecast, TimeZoneInfo zone, DateTimeOffset now);
    public abstract string OnceResumed(Forecast forecast, TimeZoneInfo zone, DateTimeOffset now);
    public abstract string TypeTheNumber(long number);
    public abstract string NumberWrong(long number);

    // Many at once.
    public abstract string Tick { get; }
    public abstract string TickSome { get; }
    public abstract string TickedAct(string act);
    public abstract string AllAct(string act);
    public abstract string Causes { get; }
    public abstract string ReplayThese(long count);

    /// <param name="isAll">Whether all were counted.</param>
    public abstract string ManyOf(string act, long count, bool isAll = true);
    public abstract string Which { get; }
    public abstract string Selected(BulkSelection selection, TimeZoneInfo zone);

    /// <param name="tried">How many were tried out: of many only some.</param>
    /// <param name="takes">How long they take to leave; null where that is no time.</param>
    public abstract string ManyMatch(string act, BulkLook look, long tried, long done, TimeSpan? takes);

    public abstract string NoneOfTheFirst { get; }
    public abstract string NotDecided(long count, string why);
    public abstract string StopMany { get; }
    public abstract string IfStopped(long done, long total);
    public abstract string HowFar(BulkStatus status);
    public abstract string Of(BulkStatus status);
    public abstract string RefusedMany { get; }

    /// <summary>Somebody of the console by name alone; the command line and keys as they are.</summary>
    protected static string Who(string caller) =>
        caller.StartsWith("console:", StringComparison.Ordinal) ? caller["console:".Length..] : caller;

    /// <summary>Counted kind by kind, as far as it was counted.</summary>
    protected string Some(long count) => count > Board.Most ? Bounded(count) : Messages(count);
}

internal sealed partial class EnglishWords
{
    public override string IsOpen => "goes out";
    public override string IsStopped => "paused";

    public override string IsPaused(PauseNow pause, TimeZoneInfo zone) =>
        $"{(pause.Kind is { } kind ? $"Nothing of this kind leaves: {KindName(kind)}" : $"Nothing leaves over {pause.Channel}")}. "
        + $"Paused by {Who(pause.By)} on {When(pause.Since, zone)}, "
        + $"{(pause.Until is { } end ? $"until {When(end, zone)}" : "until somebody resumes it")}: {pause.Reason}";

    public override string PauseUntil(string zone) => $"Until ({zone}); empty: until somebody resumes it";

    public override string UntilWrong => "Give a day and a time in the future, such as 2027-03-01 15:00, or none.";

    public override string WhilePaused(Forecast forecast, TimeZoneInfo zone, DateTimeOffset now)
    {
        var span = forecast.Until is { } end ? $"Until {When(end, zone, now)}" : "Within the next 24 hours";
        return forecast.Count == 0
            ? $"{span}, nothing falls due."
            : $"{span}, {Some(forecast.Count)} would leave, and wait instead. "
                + (
                    forecast.Late == 0
                        ? "None of them is past its use by then."
                        : $"{Bounded(forecast.Late)} of them will be past their use by then, and are never sent."
                );
    }

    public override string OnceResumed(Forecast forecast, TimeZoneInfo zone, DateTimeOffset now) =>
        forecast.Count == 0
            ? "Nothing waits."
            : $"Waiting: {Some(forecast.Count)}. "
                + (forecast.Late > 0 ? $"{Bounded(forecast.Late)} of them are past their use, and are never sent. " : "")
                + (
                    forecast.Count == forecast.Late ? ""
                    : forecast.Last is { } last ? $"At the channel's limit the last leaves at {When(last, zone, now)}."
                    : "They leave at once."
                );

    public override string TypeTheNumber(long number) => $"To be sure, type the number that was counted: {number}";

    public override string NumberWrong(long number) => $"Nothing was done. Type {number}, which is how many are counted now.";

    public override string Tick => "Ticked";
    public override string TickSome => "Tick at least one message first.";

    public override string TickedAct(string act) => $"{Act(act)}: those ticked";

    public override string AllAct(string act) => $"{Act(act)}: all that match";

    public override string Causes => "Why they died";

    public override string ReplayThese(long count) => $"Replay these {Bounded(count)}";

    public override string ManyOf(string act, long count, bool isAll) =>
        $"{Act(act)}: {(count == 0 && !isAll ? "whichever match" : $"{Messages(count)}{(isAll ? "" : " or more")}")}";

    public override string NoneOfTheFirst =>
        $"None of the first {Number(BulkActions.LookedThrough)} match. How many of the others do is not known: they are looked through "
        + $"when it is done, and {Number(BulkActions.Most)} are decided over at most.";

    public override string Which => "Which";

    public override string Selected(BulkSelection selection, TimeZoneInfo zone) =>
        string.Join(", ", Parts(selection).DefaultIfEmpty("all of them")) + $"; as they were on {When(selection.AsOf, zone)}";

    public override string ManyMatch(string act, BulkLook look, long tried, long done, TimeSpan? takes) =>
        $"Chosen: {Messages(look.Count)}"
        + (
            look.IsAll
                ? ". "
                : $" of the first {Number(BulkActions.LookedThrough)} that were looked through, and whichever others match: "
                    + $"{Number(BulkActions.Most)} at most. "
        )
        + act switch
        {
            "arrived" => "To count as sent: ",
            "lost" => "To be given up, their recruiters told: ",
            "resend" => "To leave once more, and perhaps arrive twice: ",
            _ => "To leave as new messages: ",
        }
        + Number(done)
        + (look.IsAll && tried >= look.Count ? "." : $" of {Number(tried)} that were tried out, as a sample.")
        + (takes is { } span && done > 0 ? $" All of it takes about {Span(span)}{(look.IsAll ? "" : " or longer")}." : "");

    public override string NotDecided(long count, string why) => $"{Number(count)} not: {why}";

    public override string StopMany => "Stop here";

    public override string IfStopped(long done, long total) =>
        $"{Number(done)} of {Number(total)} are decided. The others stay as they are.";

    public override string HowFar(BulkStatus status) =>
        $"{Number(status.Done + status.Refused)} of {Number(status.Total)}: {Number(status.Done)} done, {Number(status.Refused)} not.";

    public override string Of(BulkStatus status) =>
        status.EndedAt is null ? "goes on, on whichever node"
        : status.StoppedBy is { } by ? $"stopped by {Who(by)}"
        : "done";

    public override string RefusedMany => "Not done";

    private IEnumerable<string> Parts(BulkSelection selection)
    {
        if (selection.Ids is { } ids)
        {
            yield return $"{Number(ids.Count)} ticked";
        }

        if (selection.Kind is { } kind)
        {
            yield return KindName(kind);
        }

        if (selection.Channel is { } channel)
        {
            yield return channel;
        }

        if (selection.ReasonContains is { } reason)
        {
            yield return $"because of “{Story.Kind(reason)}”";
        }
    }
}

internal sealed partial class RussianWords
{
    public override string IsOpen => "уходит";
    public override string IsStopped => "приостановлено";

    public override string IsPaused(PauseNow pause, TimeZoneInfo zone) =>
        $"{(pause.Kind is { } kind ? $"Не уходит ничего этого вида: {KindName(kind)}" : $"Через {pause.Channel} ничего не уходит")}. "
        + $"Приостановлено {When(pause.Since, zone)} ({Who(pause.By)}), "
        + $"{(pause.Until is { } end ? $"до {When(end, zone)}" : "пока кто-нибудь не возобновит")}: {pause.Reason}";

    public override string PauseUntil(string zone) => $"До ({zone}); пусто: пока кто-нибудь не возобновит";

    public override string UntilWrong => "Укажите день и время в будущем, например 2027-03-01 15:00, или оставьте пустым.";

    public override string WhilePaused(Forecast forecast, TimeZoneInfo zone, DateTimeOffset now)
    {
        var span = forecast.Until is { } end ? $"До {When(end, zone, now)}" : "За ближайшие 24 часа";
        return forecast.Count == 0
            ? $"{span} ничего не наступает."
            : $"{span} должно было бы уйти и будет ждать: {Some(forecast.Count)}. "
                + (
                    forecast.Late == 0
                        ? "Ни одно из них к тому времени не устареет."
                        : $"Из них устареет и не уйдёт никогда: {Bounded(forecast.Late)}."
                );
    }

    public override string OnceResumed(Forecast forecast, TimeZoneInfo zone, DateTimeOffset now) =>
        forecast.Count == 0
            ? "Ничего не ждёт."
            : $"Ждут: {Some(forecast.Count)}. "
                + (forecast.Late > 0 ? $"Из них уже устарело и не уйдёт: {Bounded(forecast.Late)}. " : "")
                + (
                    forecast.Count == forecast.Late ? ""
                    : forecast.Last is { } last ? $"При пределе канала последнее уйдёт {When(last, zone, now)}."
                    : "Они уходят сразу."
                );

    public override string TypeTheNumber(long number) => $"Для верности введите, сколько их насчитано: {number}";

    public override string NumberWrong(long number) => $"Ничего не сделано. Введите {number}: столько их насчитано сейчас.";

    public override string Tick => "Отмечено";
    public override string TickSome => "Сначала отметьте хотя бы одно сообщение.";

    public override string TickedAct(string act) => $"{Act(act)}: отмеченные";

    public override string AllAct(string act) => $"{Act(act)}: все подходящие";

    public override string Causes => "Почему не доставлены";

    public override string ReplayThese(long count) => $"Повторить эти: {Bounded(count)}";

    public override string ManyOf(string act, long count, bool isAll) =>
        $"{Act(act)}: {(count == 0 && !isAll ? "все подходящие" : $"{Messages(count)}{(isAll ? "" : " или больше")}")}";

    public override string NoneOfTheFirst =>
        $"Среди первых {Number(BulkActions.LookedThrough)} подходящих нет. Сколько их среди остальных, неизвестно: их просмотрят, когда "
        + $"это будет сделано, и решено будет не больше чем о {Number(BulkActions.Most)}.";

    public override string Which => "Какие";

    public override string Selected(BulkSelection selection, TimeZoneInfo zone) =>
        string.Join(", ", Parts(selection).DefaultIfEmpty("все")) + $"; какими они были {When(selection.AsOf, zone)}";

    public override string ManyMatch(string act, BulkLook look, long tried, long done, TimeSpan? takes) =>
        $"Выбрано: {Messages(look.Count)}"
        + (
            look.IsAll
                ? ". "
                : $" из первых {Number(BulkActions.LookedThrough)} просмотренных и все остальные подходящие: "
                    + $"не больше {Number(BulkActions.Most)}. "
        )
        + act switch
        {
            "arrived" => "Будут считаться отправленными: ",
            "lost" => "Будут закрыты, рекрутерам скажут: ",
            "resend" => "Уйдут ещё раз и могут прийти дважды: ",
            _ => "Уйдут новыми сообщениями: ",
        }
        + Number(done)
        + (look.IsAll && tried >= look.Count ? "." : $" из {Number(tried)} проверенных на пробу.")
        + (takes is { } span && done > 0 ? $" На всё нужно примерно {Span(span)}{(look.IsAll ? "" : " или больше")}." : "");

    public override string NotDecided(long count, string why) => $"Нет, {Number(count)}: {why}";

    public override string StopMany => "Остановить на этом";

    public override string IfStopped(long done, long total) => $"Решено {Number(done)} из {Number(total)}. Остальные останутся как есть.";

    public override string HowFar(BulkStatus status) =>
        $"{Number(status.Done + status.Refused)} из {Number(status.Total)}: сделано {Number(status.Done)}, нет {Number(status.Refused)}.";

    public override string Of(BulkStatus status) =>
        status.EndedAt is null ? "продолжается, на любом узле"
        : status.StoppedBy is { } by ? $"остановлено ({Who(by)})"
        : "готово";

    public override string RefusedMany => "Не сделано";

    private IEnumerable<string> Parts(BulkSelection selection)
    {
        if (selection.Ids is { } ids)
        {
            yield return $"отмечено: {Number(ids.Count)}";
        }

        if (selection.Kind is { } kind)
        {
            yield return KindName(kind);
        }

        if (selection.Channel is { } channel)
        {
            yield return channel;
        }

        if (selection.ReasonContains is { } reason)
        {
            yield return $"причина: «{Story.Kind(reason)}»";
        }
    }
}
