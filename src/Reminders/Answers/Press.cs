namespace Reminders.Answers;

/// <summary>A press on a button, whichever channel it came by.</summary>
/// <param name="From">Who pressed, as the channel names people: a Telegram user id, a phone number without a +.</param>
/// <param name="Data">What the button carried. Forgeable on some channels: see <see cref="Outbox.ButtonData"/>.</param>
/// <param name="MessageId">The provider's id of the message it stood under, where the channel tells.</param>
/// <param name="Locale">For an answer to somebody who is not known.</param>
internal sealed record Press(string Channel, string From, string? Data, string? MessageId, string Locale)
{
    /// <summary>Phone numbers are kept with or without a +, and WhatsApp tells them without.</summary>
    public bool IsFrom(string address) => From == (Channel == UpdateStore.WhatsApp ? address.TrimStart('+') : address);
}
