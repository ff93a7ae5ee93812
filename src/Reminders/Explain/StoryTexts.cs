using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Texts;

namespace Reminders.Explain;

/// <summary>Tells of messages that were sent under other texts than stand now, when these were changed.</summary>
internal static class StoryTexts
{
    public static Task<TextPast> ReadAsync(RemindersDb db, IReadOnlyList<OccurrenceRow> page, CancellationToken cancellationToken)
    {
        var sent = page.SelectMany(occurrence => occurrence.Messages).Where(IsSent).ToArray();
        return sent.Length == 0
            ? Task.FromResult(TextPast.None)
            : TextBoard.SinceAsync(
                db.Command,
                [.. sent.Select(message => message.Kind).Distinct()],
                sent.Min(message => message.SendStartedAt!.Value) - EarlierText.Apart,
                cancellationToken
            );
    }

    public static IEnumerable<Happening> Of(OccurrenceRow occurrence, Surroundings around) =>
        around.Kinds.Find(occurrence.Kind) is not { } kind
            ? []
            : occurrence
                .Messages.Where(IsSent)
                .Select(message =>
                    EarlierText.Of(kind, around.Texts, occurrence.Recipient.Locale, message.SendStartedAt!.Value, EarlierText.SentBy(kind))
                        is { } earlier
                        ? new Happening(
                            earlier.ChangedAt,
                            earlier.ChangedBy is null ? StoryStep.Deployed : StoryStep.Operator,
                            new("event.of_message", StoryParts.Name(message), earlier.Said),
                            earlier.ChangedBy,
                            message.Id
                        )
                        : null
                )
                .OfType<Happening>();

    /// <summary>Whether it is with its reader, or may be, as it was sent; an edit shows what its subject has come to.</summary>
    private static bool IsSent(OutboxRow message) =>
        message is { Operation: "send", State: MessageState.Sent or MessageState.Uncertain, SendStartedAt: not null };
}
