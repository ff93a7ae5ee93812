using Reminders.Lab.Chaos;
using Reminders.Lab.Chaos.Check;
using Reminders.Lab.Chaos.Faults;
using Reminders.Lab.Chaos.Work;
using Reminders.Lab.Simulation;
using Reminders.Lab.Telegram;

namespace Reminders.Cluster.Tests.Chaos;

/// <summary>
/// The records of a run in which everything went well, to plant a fault in: booking 1 was told, booking 2 is held because
/// Telegram dropped a reply, booking 3 was moved before it was due and told at its new time.
/// </summary>
internal sealed class Records
{
    public static readonly DateTimeOffset T = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public List<LedgerRow> Ledger { get; } = [];
    public List<MessageRow> Messages { get; } = [];
    public List<AttemptRow> Attempts { get; } = [];
    public List<UpdateRow> Updates { get; } = [new(700, "handled", "press: Confirmed")];
    public long WaitingEvents { get; set; }
    public List<Arrival> Arrivals { get; } = [];
    public List<InjectedDoubt> Injected { get; } = [];
    public List<FaultEntry> Faults { get; } = [];
    public List<KnownChange> Changes { get; } = [];
    public List<KnownPress> Presses { get; } = [new("Interview 1", 700)];

    public Records()
    {
        Plan(11, 1, 1, At(10), "fired");
        Send(21, 11, "sent", "901", At(10), "sent");
        Arrivals.Add(new(1, 901, ReadableTexts.Of("Interview 1", "CONFIRM_2H", At(10)), At(10)));
        Changes.Add(new("Interview 1", 1, At(10), "approved", At(0)));

        Plan(12, 2, 1, At(20), "fired");
        Send(22, 12, "uncertain", null, At(20), "uncertain");
        Arrivals.Add(new(2, 902, ReadableTexts.Of("Interview 2", "CONFIRM_2H", At(20)), At(20)));
        Injected.Add(new("sendMessage", 2, 902, true, FaultKind.DropReply, At(20)));
        Changes.Add(new("Interview 2", 1, At(20), "approved", At(0)));

        Plan(13, 3, 1, At(30), "cancelled", latest: 2);
        Plan(14, 3, 2, At(40), "fired", latest: 2);
        Send(24, 14, "sent", "904", At(40), "sent");
        Arrivals.Add(new(3, 904, ReadableTexts.Of("Interview 3", "CONFIRM_2H", At(40)), At(40)));
        Changes.Add(new("Interview 3", 1, At(30), "approved", At(0)));
        Changes.Add(new("Interview 3", 2, At(40), "approved", At(5)));
    }

    public static DateTimeOffset At(double seconds) => T.AddSeconds(seconds);

    public void Plan(
        long id,
        int booking,
        int version,
        DateTimeOffset startsAt,
        string state,
        int latest = 1,
        long? decidedBy = null,
        string? reason = null
    ) =>
        Ledger.Add(
            new(
                id,
                "CONFIRM_2H",
                $"Interview {booking}",
                booking,
                version,
                startsAt,
                state,
                reason,
                decidedBy,
                startsAt,
                T.AddHours(2),
                ["approved"],
                latest,
                "approved"
            )
        );

    public void Send(long id, long occurrence, string state, string? providerId, DateTimeOffset at, string outcome, int number = 0)
    {
        Messages.Add(new(id, occurrence, "send", number, state, null, at, providerId, ByHand: false));
        Attempts.Add(new(id, 1, "chaos1-abc", at, at.AddSeconds(2), outcome));
    }

    public Verdict Judge() =>
        Checker.Judge(
            new(T.AddMinutes(10), Ledger, Messages, Attempts, Updates, WaitingEvents, Arrivals, Injected, Faults, Changes, Presses)
        );
}
