using Reminders.Inbound;

namespace Reminders.Reads;

// Rows as EF Core reads them. The SQL scripts own the schema; what each column means is said there.

internal sealed class RecipientRow
{
    public long Id { get; init; }
    public required string Reference { get; init; }
    public required string Name { get; set; }
    public required string Locale { get; set; }
    public required string Zone { get; set; }
    public string StartCode { get; init; } = "";
    public string Owner { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ErasedAt { get; init; }
    public List<AddressRow> Addresses { get; init; } = [];
}

internal sealed class AddressRow
{
    public long RecipientId { get; init; }
    public required string Channel { get; init; }
    public required string Address { get; set; }
    public byte[] Key { get; init; } = [];
    public required string State { get; set; }
    public string? Reason { get; set; }
}

internal sealed class OptOutRow
{
    public byte[] Key { get; init; } = [];
    public required string Channel { get; init; }
    public DateTimeOffset Since { get; init; }
}

internal sealed class SubjectRow
{
    public long Id { get; init; }
    public required string Type { get; init; }
    public required string Key { get; init; }
    public required string Owner { get; init; }
    public long Version { get; init; }
    public required string Status { get; init; }
    public DateTimeOffset? HappensAt { get; init; }
    public int Revision { get; init; }
    public required string Data { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset ChangedAt { get; init; }
    public List<PartyRow> Parties { get; init; } = [];
}

internal sealed class PartyRow
{
    public long SubjectId { get; init; }
    public required string Role { get; init; }
    public long RecipientId { get; init; }
    public RecipientRow Recipient { get; init; } = null!;
}

internal sealed class OccurrenceRow
{
    public long Id { get; init; }
    public required string Kind { get; init; }
    public long SubjectId { get; init; }
    public long Version { get; init; }
    public long RecipientId { get; init; }
    public required string State { get; init; }
    public string? Reason { get; init; }
    public long? DecidedBy { get; init; }
    public long? DigestOf { get; init; }
    public bool HasButtons { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset UsefulUntil { get; init; }
    public DateTimeOffset PlannedAt { get; init; }
    public required string PlannedBy { get; init; }
    public DateTimeOffset? FiredAt { get; init; }
    public string? FiredBy { get; init; }

    /// <summary>Who found that its time had come: see <c>Firing.Via</c>. Null for what fired before that was kept.</summary>
    public string? FiredVia { get; init; }
    public DateTimeOffset? CancelledAt { get; init; }
    public string? CancelledBy { get; init; }
    public RecipientRow Recipient { get; init; } = null!;
    public SubjectRow Subject { get; init; } = null!;
    public List<OutboxRow> Messages { get; init; } = [];
    public List<SuppressionRow> Suppressions { get; init; } = [];
    public InboxItemRow? InboxItem { get; init; }

    /// <summary>Answers to its question that came by no button: not a table of their own, but read from the audit.</summary>
    public List<HandAnswerRow> HandAnswers { get; } = [];
}

internal sealed record HandAnswerRow(DateTimeOffset At, string RecordedBy, HandAnswer Answer, string? Reason);

internal sealed class InboxItemRow
{
    public long Id { get; init; }
    public long OccurrenceId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
}

internal sealed class SuppressionRow
{
    public long OccurrenceId { get; init; }
    public required string Rule { get; init; }
    public int Count { get; init; }
    public DateTimeOffset FirstAt { get; init; }
    public DateTimeOffset LastAt { get; init; }
    public required string LastBy { get; init; }
    public OccurrenceRow Occurrence { get; init; } = null!;
}

internal sealed class OutboxRow
{
    public long Id { get; init; }
    public long OccurrenceId { get; init; }
    public required string Kind { get; init; }
    public required string Channel { get; init; }
    public required string Operation { get; init; }
    public int ResendNumber { get; init; }
    public bool OnRequest { get; init; }
    public long? TargetId { get; init; }
    public Outbox.MessageState State { get; init; }
    public string? Queue { get; init; }
    public DateTimeOffset? DiedAt { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset UsefulUntil { get; init; }
    public int AttemptsSpent { get; init; }
    public string? LeasedBy { get; init; }
    public DateTimeOffset? ClaimedAt { get; init; }
    public DateTimeOffset? SendStartedAt { get; init; }
    public string? ProviderMessageId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public string? CancelledBy { get; init; }
    public OccurrenceRow Occurrence { get; init; } = null!;
    public List<AttemptRow> Attempts { get; init; } = [];
    public List<PressRow> Presses { get; init; } = [];
    public List<OperatorActionRow> OperatorActions { get; init; } = [];
}

/// <summary>A message that is being sent.</summary>
internal sealed class UnderWayRow
{
    public long Id { get; init; }
}

internal sealed class AttemptRow
{
    public long MessageId { get; init; }
    public long LeaseToken { get; init; }
    public required string Node { get; init; }
    public DateTimeOffset? ClaimedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset SettledAt { get; init; }
    public required string Outcome { get; init; }
    public string? Detail { get; init; }
}

internal sealed class PressRow
{
    public long Id { get; init; }
    public long MessageId { get; init; }
    public required string Action { get; init; }
    public required string Effect { get; init; }
    public required string Sender { get; init; }
    public required string ProviderId { get; init; }
    public DateTimeOffset PressedAt { get; init; }
}

internal sealed class OperatorActionRow
{
    public long Id { get; init; }
    public long MessageId { get; init; }
    public required string Action { get; init; }
    public required string Reason { get; init; }
    public required string ActedBy { get; init; }
    public DateTimeOffset ActedAt { get; init; }
}
