namespace Reminders.WhatsApp;

/// <summary>What WhatsApp is like.</summary>
internal static class WhatsAppChannel
{
    /// <summary>Of the number that is not named, and of the sort.</summary>
    public const string Name = "whatsapp";

    public static ChannelTraits Traits { get; } =
        new(Name)
        {
            // Meta does not say what it counts, so the count that is never too small.
            Capacity = new(WhatsAppLimits.MaxTextLength, WhatsAppLimits.MaxTextLengthWithButtons, InUtf16: true),
            MostButtons = WhatsAppLimits.MaxButtons,
            LongestLabel = WhatsAppLimits.MaxTitleLength,
            ShownLabel = WhatsAppLimits.Title,
            Address = AddressForm.Said("form.phone", IsNumber, Digits),
            // 80/s from a number, and about one message in six seconds to the same person. It lends more for a while and then
            // refuses (131056); who spaces them evenly is not refused.
            Limits = new() { PerSecond = 78, PerRecipientInterval = TimeSpan.FromSeconds(6.05) },
        };

    /// <summary>
    /// The same of one number of several. Its addresses are kept as the database compares those of <see cref="Name"/>, without the zeros of
    /// 0049: an opt-out is found by that spelling (<c>reminders.address_key</c>).
    /// </summary>
    public static ChannelTraits Of(string name) =>
        name == Name
            ? Traits
            : Traits with
            {
                Name = name,
                Provider = Name,
                Address = Traits.Address with { Normal = address => Digits(address).TrimStart('0') },
            };

    private static bool IsNumber(string address) =>
        address.Length <= 40
        && address.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')')
        && address.Count(char.IsAsciiDigit) is >= 7 and <= 15;

    private static string Digits(string address) => string.Concat(address.Where(char.IsAsciiDigit));
}
