namespace Reminders.Channels;

/// <summary>What an address of a channel looks like. Pure.</summary>
/// <param name="Expected">What an address should be, for whoever gave another: "a phone number with its country code, such as …".</param>
/// <param name="IsAddress">Whether a text is one.</param>
/// <param name="Normal">
/// The one spelling of an address, so that a person is found by it. A text that is no address comes back without the space around it.
/// </param>
public sealed record AddressForm(string Expected, Func<string, bool> IsAddress, Func<string, string> Normal)
{
    /// <summary>One line of at most 320 characters, spelt as it was given.</summary>
    public static AddressForm Line { get; } =
        new(
            "one line of 1 to 320 characters",
            address => address.Length <= 320 && !string.IsNullOrWhiteSpace(address) && !address.Any(char.IsControl),
            address => address.Trim()
        );
}
