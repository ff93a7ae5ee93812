namespace Reminders.Channels;

/// <summary>What a sender does with a message.</summary>
public enum DeliveryOperation
{
    /// <summary>A new message to the address. Not idempotent at most providers: an ambiguous outcome is held.</summary>
    Send = 0,

    /// <summary>Changes the message <see cref="Delivery.ProviderMessageId"/>. Idempotent: the same edit may be repeated.</summary>
    Edit = 1,
}

/// <summary>A button under a message.</summary>
/// <param name="Label">What the person reads.</param>
/// <param name="Data">What comes back with the press: opaque, at most 64 bytes of UTF-8 (Telegram's limit).</param>
public readonly record struct Button(string Label, string Data);

/// <summary>One message, rendered and ready for the wire.</summary>
/// <param name="Reference">The engine's own stable name of the message; channels that have an idempotency or correlation field carry it.</param>
/// <param name="Operation">Send or edit.</param>
/// <param name="Address">The recipient on this channel: a Telegram chat id in decimal, an e-mail address, a phone number.</param>
/// <param name="Text">Plain text, not empty.</param>
/// <param name="Buttons">The buttons, one row each; empty removes the keyboard on an edit.</param>
/// <param name="ProviderMessageId">For an edit, the id the provider gave when the message was sent; otherwise null.</param>
public sealed record Delivery(
    string Reference,
    DeliveryOperation Operation,
    string Address,
    string Text,
    IReadOnlyList<Button> Buttons,
    string? ProviderMessageId = null);
