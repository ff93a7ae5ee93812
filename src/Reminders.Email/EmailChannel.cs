namespace Reminders.Email;

/// <summary>What mail is like.</summary>
internal static class EmailChannel
{
    public const string Name = ChannelNames.Mail;

    public static ChannelTraits Traits { get; } =
        new(Name) { HasSubject = true, Address = new("an e-mail address such as anna@example.com", IsAddress, address => address.Trim()) };

    private static bool IsAddress(string address) =>
        address.Length <= 320
        && address.Split('@') is [{ Length: > 0 and <= 64 }, { Length: > 0 } domain]
        && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';')
        && !domain.StartsWith('.');
}
