using MediatR;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Outbox;

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
            || await pages.ShowAsync(message, null, null, cancellationToken) is not { } before
        )
        {
            return null;
        }
        // Where the subject has no instant of its own, what a press does would never be too late.
        var effect = before.Over
            ? AnswerEffect.TooLate
            : await messages.TakeAsync(message, request.Action, "link", AnswerPages.Link, null, cancellationToken);
        return await pages.ShowAsync(message, effect, request.Action, cancellationToken);
    }
}

internal sealed class AnswerPages(
    CommandTransaction db,
    PressedMessages messages,
    AskedMessages asked,
    AnswerReplies replies,
    AnswerTexts answers
)
{
    /// <summary>In place of the update a press came in.</summary>
    public const string Link = "link";

    /// <returns>Null when the link is forged, forgotten or ended.</returns>
    public async Task<AnswerPage?> FindAsync(string link, CancellationToken cancellationToken)
    {
        return await MessageAsync(link, cancellationToken) is { } message ? await ShowAsync(message, null, null, cancellationToken) : null;
    }

    /// <summary>The message a link is for, if it is signed for the address its recipient has now.</summary>
    public async Task<PressedMessage?> MessageAsync(string link, CancellationToken cancellationToken) =>
        AnswerLink.TokenOf(link) is { } token
        && await messages.FindAsync(token, cancellationToken) is { } message
        && AnswerLink.IsSigned(link, await SecretsAsync(cancellationToken), token, message.Address)
            ? message
            : null;

    public async Task<AnswerPage?> ShowAsync(
        PressedMessage message,
        AnswerEffect? effect,
        string? action,
        CancellationToken cancellationToken
    )
    {
        if (await asked.FindAsync(message, cancellationToken) is not { } now)
        {
            return null;
        }

        var (shown, _) = MessageRenderer.Shown(DeliveryOperation.Edit, now.Standing, now.Status, now.Kind);
        var buttons = now.Kind.Buttons.Where(button =>
            AnswerRules.Decide(now.Kind.Answers[button], now.Question, now.SaysSo, now.IsParty, now.Over).IsTaken()
        );
        bool IsOpen(AnswerDefinition answer) => answer.Key == action && !answer.Closes;
        var said = effect ?? (now.Over ? AnswerEffect.TooLate : null);
        return new(
            now.Texts.Locale,
            answers.Page(message.Locale, "LinkTitle", "Your answer"),
            // What closed the question is what the page says below; what left it open has its reply here.
            said is { } told
                ? replies.For(now, message.Locale, told, now.Kind.Answers.Values.FirstOrDefault(IsOpen)?.Key)
                : null,
            now.Render(shown).Trim(),
            [.. buttons.Select(button => new Button(now.Render(button), button))],
            now.Over
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
