using System.CommandLine;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Texts;
using Reminders.Web.Console.Reads;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary><c>outbox show</c>: one message, in whatever state, with all that happened to it.</summary>
internal static class ShownMessage
{
    public static Command Create(Argument<long> id)
    {
        var command = new Command("show", "A message in whatever state, with its tries, presses and decisions.") { id, JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var number = parsed.GetValue(id);
                var row = await engine.WithAsync(
                    (CommandTransaction current) =>
                        new MessageReader(engine.Get<RemindersDb>(), current).FindAsync(number, cancellationToken)
                );
                var words = parsed.Words();
                if (row is null)
                {
                    await Console.Error.WriteLineAsync(Printing.OneLine(words.Reason(Reasons.Of("no_message", number))!));
                    return 1;
                }

                var earlier = row is { Operation: "send", State: MessageState.Sent or MessageState.Uncertain, SendStartedAt: { } begunAt }
                    ? await engine.WithAsync(
                        (SentTexts texts) =>
                            texts.FindAsync(row.Kind, row.Occurrence.Recipient.Locale, begunAt, EarlierText.SentBy, cancellationToken)
                    )
                    : null;
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(View(row, earlier, words));
                }

                await Console.Out.WriteLineAsync(Printing.Lines(Text(row, earlier, words)));
                return 0;
            }
        );
        return command;
    }

    private static object View(OutboxRow row, EarlierText? earlier, Wording words) =>
        new
        {
            row.Id,
            State = row.State.ToColumn(),
            Reason = words.Reason(row.Reason),
            row.Kind,
            row.Channel,
            row.Operation,
            Number = row.ResendNumber,
            row.OccurrenceId,
            SubjectType = row.Occurrence.Subject.Type,
            SubjectKey = row.Occurrence.Subject.Key,
            row.Occurrence.Version,
            Recipient = new { row.Occurrence.Recipient.Reference, row.Occurrence.Recipient.Name },
            row.CreatedAt,
            row.DueAt,
            row.UsefulUntil,
            row.SendStartedAt,
            row.SettledAt,
            row.ProviderMessageId,
            EarlierText = earlier is null
                ? null
                : new
                {
                    earlier.Version,
                    earlier.ChangedBy,
                    earlier.ChangedAt,
                    earlier.Now,
                    earlier.IsSure,
                },
            Attempts = row.Attempts.Select(one => new
            {
                one.Node,
                one.StartedAt,
                one.SettledAt,
                one.Outcome,
                Detail = words.Reason(one.Detail),
            }),
            Presses = row.Presses.Select(one => new
            {
                one.PressedAt,
                one.Action,
                one.Effect,
            }),
            Decisions = row.OperatorActions.Select(one => new
            {
                one.ActedAt,
                one.ActedBy,
                one.Action,
                one.Reason,
            }),
        };

    private static string Text(OutboxRow row, EarlierText? earlier, Wording words)
    {
        var subject = row.Occurrence.Subject;
        IEnumerable<string?> lines =
        [
            Printing.Say("cli.shown_state", row.Id, row.State.ToColumn(), words.Reason(row.Reason)),
            Printing.Say("cli.shown_kind", row.Kind, row.Channel, row.Operation, row.ResendNumber),
            Printing.Say("cli.shown_to", row.Occurrence.Recipient.Name, row.Occurrence.Recipient.Reference),
            Printing.Say("cli.shown_about", subject.Type, subject.Key, row.Occurrence.Version),
            Printing.Say("cli.shown_times", row.CreatedAt, row.DueAt, row.UsefulUntil),
            row.ProviderMessageId is { } provider ? Printing.Say("cli.shown_provider", provider) : null,
            earlier is null ? null : Printing.OneLine(words.Of(earlier.Said)),
            .. row.Attempts.Select(one => Printing.Say("cli.shown_try", one.SettledAt, one.Node, one.Outcome, words.Reason(one.Detail))),
            .. row.Presses.Select(one => Printing.Say("cli.shown_press", one.PressedAt, one.Action, one.Effect)),
            .. row.OperatorActions.Select(one => Printing.Say("cli.shown_decision", one.ActedAt, one.ActedBy, one.Action, one.Reason)),
        ];
        return string.Join('\n', lines.Where(line => line is not null));
    }
}
