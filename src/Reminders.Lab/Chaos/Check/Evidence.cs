using Reminders.Lab.Chaos.Faults;
using Reminders.Lab.Chaos.Work;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Chaos.Check;

/// <summary>One line of the ledger, with its subject as it ended.</summary>
/// <param name="StartsAt">The instant this occurrence announces.</param>
internal sealed record LedgerRow(
    long Id,
    string Kind,
    string Booking,
    long Chat,
    long Version,
    DateTimeOffset StartsAt,
    string State,
    string? Reason,
    long? DecidedBy,
    DateTimeOffset DueAt,
    DateTimeOffset UsefulUntil,
    IReadOnlyList<string> WantedIn,
    long SubjectVersion,
    string SubjectStatus
)
{
    /// <summary>How a person would call it.</summary>
    public string Name => $"{Kind} of {Booking} v{Version}";

    /// <summary>What its message says; two occurrences may say the same, when a slot came back to where it was.</summary>
    public string Text => ReadableTexts.Of(Booking, Kind, StartsAt);
}

/// <summary>One row of the outbox.</summary>
/// <param name="ByHand">An operator, or the kind's policy, ordered this number.</param>
internal sealed record MessageRow(
    long Id,
    long OccurrenceId,
    string Operation,
    int Number,
    string State,
    string? Reason,
    DateTimeOffset DueAt,
    string? ProviderMessageId,
    bool ByHand
);

/// <summary>One try to deliver.</summary>
internal sealed record AttemptRow(
    long MessageId,
    long Token,
    string Node,
    DateTimeOffset StartedAt,
    DateTimeOffset SettledAt,
    string Outcome
);

/// <summary>A message as it arrived.</summary>
internal sealed record Arrival(long Chat, long MessageId, string Text, DateTimeOffset At);

/// <summary>An update as the engine kept it.</summary>
internal sealed record UpdateRow(int Id, string State, string? Effect);

/// <summary>All that is known after a run: the engine's rows, Telegram's record, the workload's and the driver's own account.</summary>
internal sealed record Evidence(
    DateTimeOffset ReadAt,
    IReadOnlyList<LedgerRow> Ledger,
    IReadOnlyList<MessageRow> Messages,
    IReadOnlyList<AttemptRow> Attempts,
    IReadOnlyList<UpdateRow> Updates,
    long WaitingEvents,
    IReadOnlyList<Arrival> Arrivals,
    IReadOnlyList<InjectedDoubt> Injected,
    IReadOnlyList<FaultEntry> Faults,
    IReadOnlyList<KnownChange> Changes,
    IReadOnlyList<KnownPress> Presses
);
