using System.Text.Json;
using MediatR;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Storage;
using Reminders.Zones;

namespace Reminders.Inbound;

/// <summary>What the page behind a link shows: what an edit of the message would show now, and the buttons that would do
/// something.</summary>
/// <param name="Locale">Which language its texts are in.</param>
/// <param name="Said">What the answer that was just given did; null where none was.</param>
/// <param name="Buttons">Of each, <see cref="Button.Data"/> is the answer.</param>
/// <param name="Over">Whether the time for answers is over.</param>
internal sealed record AnswerPage(string Locale, string Title, string? Said, string Text, IReadOnlyList<Button> Buttons, bool Over);

/// <summary>The same answer as a press, by the link in the message. Recorded and guarded as a press is, and as much proof of
/// delivery.</summary>
/// <returns>Null when the link is forged, forgotten or ended.</returns>
internal sealed record AnswerByLink(string Link, string Action) : ICommand<AnswerPage?>;

internal sealed class AnswerByLinkHandler(PressedMessages messages, AnswerPages pages) : IRequestHandler<AnswerByLink, AnswerPage?>
{
    public async Task<AnswerPage?> Handle(AnswerByLink request, CancellationToken cancellationToken)
    {
        if (
            await pages.MessageAsync(request.Link, cancellationToken) is not { } message
            || await pages.ShowAsync(message, null, cancellationToken) is not { } before
        )
        {
            return null;
        }
        // Where the subject has no instant of its own, what a press does would never be too late.
        var effect = before.Over
            ? AnswerEffect.TooLate
            : await messages.TakeAsync(message, request.Action, "link", AnswerPages.Link, null, cancellationToken);
        return await pages.ShowAsync(message, effect, cancellationToken);
    }
}

internal sealed class AnswerPages(CommandTransaction db, PressedMessages messages, KindCatalog kinds, AnswerTexts answers)
{
    /// <summary>In place of the update a press came in.</summary>
    public const string Link = "link";

    /// <returns>Null when the link is forged, forgotten or ended.</returns>
    public async Task<AnswerPage?> FindAsync(string link, CancellationToken cancellationToken)
    {
        return await MessageAsync(link, cancellationToken) is { } message ? await ShowAsync(message, null, cancellationToken) : null;
    }

    /// <summary>The message a link is for, if it is signed for the address its recipient has now.</summary>
    public async Task<PressedMessage?> MessageAsync(string link, CancellationToken cancellationToken) =>
        AnswerLink.TokenOf(link) is { } token
        && await messages.FindAsync(token, cancellationToken) is { } message
        && AnswerLink.IsSigned(link, await SecretsAsync(cancellationToken), token, message.Address)
            ? message
            : null;

    public async Task<AnswerPage?> ShowAsync(PressedMessage message, AnswerEffect? effect, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                """
                SELECT o.kind, s.status, s.happens_at, s.data::text, coalesce(o.data::text, '{}'), r.name, r.locale, r.zone,
                    reminders.still_says_so(o.id),
                       EXISTS (SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.recipient_id = o.recipient_id),
                       coalesce(s.happens_at, o.useful_until) <= clock_timestamp(), reminders.answered_as(s)
                FROM reminders.occurrence o
                JOIN reminders.subject s ON s.id = o.subject_id
                JOIN reminders.recipient r ON r.id = o.recipient_id
                WHERE o.id = $1
                """
            )
            .With(message.OccurrenceId);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || kinds.Find(reader.GetString(0)) is not { } kind)
        {
            return null;
        }

        var (status, isParty, saysSo, over) = (reader.GetString(1), reader.GetBoolean(9), reader.GetBoolean(8), reader.GetBoolean(10));
        // Not read in the lambda below: by then the row may be gone.
        var asked = reader.GetString(11);
        DateTimeOffset? happensAt = reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2);
        var texts = new KindTexts(kind, new(reader.GetString(5), reader.GetString(6), reader.GetString(7)));
        using var data = JsonDocument.Parse(reader.GetString(3));
        using var own = JsonDocument.Parse(reader.GetString(4));
        string Render(string text)
        {
            try
            {
                return texts.Render(text, happensAt, own.RootElement, data.RootElement);
            }
            catch (UnknownZoneException)
            {
                // Rather no text than another time than the message told; the buttons work without it.
                return "";
            }
        }

        var standing =
            !isParty ? Standing.Gone
            : saysSo ? Standing.Current
            : Standing.Replaced;
        var (shown, _) = MessageRenderer.Shown(DeliveryOperation.Edit, standing, status, kind);
        var buttons = kind.Buttons.Where(button =>
            AnswerRules.Decide(button, asked, saysSo, isParty, over) is AnswerEffect.Confirmed or AnswerEffect.Declined
        );
        var locale = reader.GetString(6);
        var said = effect ?? (over ? AnswerEffect.TooLate : null);
        return new(
            texts.Locale,
            answers.Page(locale, "LinkTitle", "Your answer"),
            said is { } told ? answers.For(locale, told) : null,
            Render(shown).Trim(),
            [.. buttons.Select(button => new Button(Render(button), button))],
            over
        );
    }

    private async Task<IReadOnlyList<byte[]>> SecretsAsync(CancellationToken cancellationToken)
    {
        await using var find = db.Command("SELECT secret FROM reminders.link_key WHERE retired_at IS NULL ORDER BY id DESC LIMIT 10");
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var secrets = new List<byte[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            secrets.Add(reader.GetFieldValue<byte[]>(0));
        }

        return secrets;
    }
}
