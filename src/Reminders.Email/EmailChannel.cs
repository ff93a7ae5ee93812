namespace Reminders.Email;

/// <summary>What mail is like.</summary>
internal static class EmailChannel
{
    /// <summary>Of the mail that is not named, and of the sort.</summary>
    public const string Name = ChannelNames.Mail;

    public static ChannelTraits Traits { get; } =
        new(Name) { HasSubject = true, Address = AddressForm.Said("form.mail", IsAddress, address => address.Trim()) };

    /// <summary>
    /// The same of one sender of several. Its addresses are kept as the database compares those of <see cref="Name"/>, in small letters: an
    /// opt-out is found by that spelling (<c>reminders.address_key</c>).
    /// </summary>
    public static ChannelTraits Of(string name) =>
        name == Name
            ? Traits
            : Traits with
            {
                Name = name,
                Provider = Name,
                Address = Traits.Address with { Normal = address => address.Trim().ToLowerInvariant() },
            };

    private static bool IsAddress(string address) =>
        address.Length <= 320
        && address.Split('@') is [{ Length: > 0 and <= 64 }, { Length: > 0 } domain]
        && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';')
        && !domain.StartsWith('.');
}
