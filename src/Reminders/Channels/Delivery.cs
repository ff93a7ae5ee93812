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

/// <summary>A text that the provider keeps and has approved, by its name, with the values for its places (WhatsApp).</summary>
/// <param name="Name">As it was registered with the provider.</param>
/// <param name="Language">Which of its translations, as the provider spells it: <c>en</c>, <c>ru</c>, <c>pt_BR</c>.</param>
/// <param name="Values">For the places {{1}}, {{2}}, … of its body.</param>
public sealed record ProviderTemplate(string Name, string Language, IReadOnlyList<string> Values);

/// <summary>One message, rendered and ready for the wire.</summary>
/// <param name="Reference">The engine's own stable name of the message; channels that have an idempotency or correlation field carry
/// it.</param>
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
    string? ProviderMessageId = null
)
{
    /// <summary>
    /// The same for every resend of what is one message to its reader, and for no other: where receivers tell duplicates
    /// apart by an id (e-mail's Message-ID), it is made of this. Letters, digits and dots.
    /// </summary>
    public string StableId { get; init; } = Reference;

    /// <summary>Of a text too long for one message, the parts that go before <see cref="Text"/>, each as a message without
    /// buttons.</summary>
    public IReadOnlyList<string> Preceding { get; init; } = [];

    /// <summary>The subject line, for channels that have one; null leaves it to the sender.</summary>
    public string? Subject { get; init; }

    /// <summary>The same as <see cref="Text"/> in HTML, for channels that show it; null where there is none.</summary>
    public string? Html { get; init; }

    /// <summary>Where the reader stops further messages on this channel; null where the channel has a way of its own.</summary>
    public Uri? Unsubscribe { get; init; }

    /// <summary>For channels that let nobody be written to freely: what to send in place of <see cref="Text"/>.</summary>
    public ProviderTemplate? Template { get; init; }
}
