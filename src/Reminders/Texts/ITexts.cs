namespace Reminders.Texts;

/// <summary>
/// The app's own source of texts, a table or a translation service: what it has goes before what kinds declare, and what an operator has
/// set goes before it. Each node asks at its start and every half a minute, and goes on with what it has while the source fails.
/// </summary>
public interface ITexts
{
    /// <summary>All of its texts, as they are now. What it leaves out is as the kind declares it.</summary>
    Task<IReadOnlyList<KindText>> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A text of a kind.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Locale">As its <c>Templates</c> have it: <c>en</c>.</param>
/// <param name="Name">As its <c>Templates</c> have it: <c>text</c>, <c>confirmed</c>.</param>
/// <param name="Text">With its values in braces. One that breaks a rule of its kind leaves that kind's texts as they are, and the log
/// says so.</param>
public sealed record KindText(string Kind, string Locale, string Name, string Text);
