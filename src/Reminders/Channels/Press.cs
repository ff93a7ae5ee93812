namespace Reminders.Channels;

/// <summary>A press on a button, whichever channel it came by.</summary>
/// <param name="From">
/// Who pressed, as the channel names people: a Telegram user id, a phone number without a +. Null where it does not say (a person
/// with a username on WhatsApp): then the token in <paramref name="Data"/>, which only their message carries, names them.
/// </param>
/// <param name="Data">What the button carried. Forgeable on some channels: see ButtonData.</param>
/// <param name="MessageId">The provider's id of the message it stood under, where the channel tells.</param>
/// <param name="Locale">For an answer to somebody who is not known.</param>
/// <param name="Alias">What the provider calls the presser besides; null where it calls them nothing else.</param>
internal sealed record Press(string Channel, string? From, string? Data, string? MessageId, string Locale, string? Alias = null)
{
    /// <param name="address">The recipient's, as it now is.</param>
    /// <param name="providerMessageId">The message's own id, if it is known: a token under another message was taken from
    /// elsewhere.</param>
    /// <param name="form">What the channel's addresses look like: it may name the presser in another spelling.</param>
    public bool IsFrom(string address, string? providerMessageId, AddressForm form) =>
        From is null
            ? MessageId is null || providerMessageId is null || MessageId == providerMessageId
            : form.Normal(From) == form.Normal(address);
}
