using Reminders.Channels;

namespace Reminders.Testing;

/// <summary>A message that a recorded sender was given, as its reader would see it.</summary>
public sealed class SentMessage
{
    internal SentMessage() { }

    /// <summary>The declared kind, such as <c>CONFIRM_2H</c>.</summary>
    public string Kind { get; internal init; } = "";

    /// <summary>What it went over, such as <c>telegram</c>; <c>inbox</c> for what is read in the app.</summary>
    public string Channel { get; internal init; } = "";

    /// <summary>The recipient, by the app's own reference.</summary>
    public string To { get; internal init; } = "";

    /// <summary>The recipient's name.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>Where it went on its channel: a chat id, a mail address, a phone number. Empty for the inbox.</summary>
    public string Address { get; internal init; } = "";

    /// <summary>The key of what it is about: a booking's id, or the subject that was notified of.</summary>
    public string About { get; internal init; } = "";

    /// <summary>Plain text. What took several messages is joined by line ends.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>The subject line, on channels that have one; otherwise null.</summary>
    public string? Subject { get; internal init; }

    /// <summary>The buttons under it; none on most messages.</summary>
    public IReadOnlyList<Button> Buttons { get; internal init; } = [];

    /// <summary>Whether it changed a message that was delivered before.</summary>
    public bool IsEdit { get; internal init; }

    /// <summary>When, by the test's clock. UTC.</summary>
    public DateTimeOffset At { get; internal init; }

    /// <summary>What the sender said became of it.</summary>
    public SendResult Outcome { get; internal init; } = new SendResult.Sent(null);

    /// <summary>The provider's id of the message; null when it gave none.</summary>
    public string? ProviderMessageId { get; internal init; }

    internal bool IsDelivered => Outcome is SendResult.Sent;

    /// <summary>Whether a test's word for somebody is this recipient's reference, name or address.</summary>
    internal bool IsTo(string? somebody) => somebody is null || somebody == To || somebody == Name || somebody == Address;

    /// <summary>One line, for messages about what was sent.</summary>
    public override string ToString()
    {
        var buttons = Buttons.Count > 0 ? $" [{string.Join("] [", Buttons.Select(button => button.Label))}]" : "";
        var outcome = IsDelivered ? "" : $", {Outcome.GetType().Name}";
        return $"{Kind} to {To} over {Channel} at {At:yyyy-MM-dd HH:mm:ss}Z{(IsEdit ? ", an edit" : "")}{outcome}: "
            + $"{Text.ReplaceLineEndings(" / ")}{buttons}";
    }
}
