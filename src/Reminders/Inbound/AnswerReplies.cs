using Reminders.Channels;

namespace Reminders.Inbound;

/// <summary>
/// What somebody who answered is told at once: over the chat, or on the page behind a link. To an answer of the kind's own that is
/// its reply, as far as it is shown there; whose answer came too late for another hears which one counts.
/// </summary>
internal sealed class AnswerReplies(AskedMessages messages, AnswerTexts texts)
{
    public async Task<string> ForAsync(PressedMessage message, AnswerEffect effect, string action, CancellationToken cancellationToken) =>
        effect is AnswerEffect.Answered or AnswerEffect.AnsweredOtherwise
        && await messages.FindAsync(message, cancellationToken) is { } asked
            ? For(asked, message.Locale, effect, action)
            : texts.For(message.Locale, effect);

    public string For(AskedMessage asked, string locale, AnswerEffect effect, string? action)
    {
        var text = texts.For(locale, effect);
        return effect switch
        {
            AnswerEffect.Answered => Reply(asked, action) is { Length: > 0 } reply ? Within(reply) : text,
            AnswerEffect.AnsweredOtherwise => Within(
                text.Replace("{answer}", Label(asked, asked.Question.Standing), StringComparison.Ordinal)
            ),
            _ => text,
        };
    }

    private static string? Reply(AskedMessage asked, string? action) =>
        action is not null && asked.Kind.Answers.TryGetValue(action, out var answer) && asked.Texts.Has(answer.ReplyText)
            ? asked.Render(answer.ReplyText).Trim()
            : null;

    // Another kind's answer has no label here: its key is better than nothing.
    private static string Label(AskedMessage asked, string? standing) =>
        standing is null ? ""
        : asked.Texts.Has(standing) ? asked.Render(standing)
        : standing;

    private static string Within(string text) =>
        TextCapacity.CodePoints(text) <= AnswerTexts.Longest
            ? text
            : new TextCapacity(AnswerTexts.Longest, AnswerTexts.Longest, InUtf16: false).Head(text, AnswerTexts.Longest - 1) + "…";
}
