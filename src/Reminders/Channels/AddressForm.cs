using Reminders.Words;

namespace Reminders.Channels;

/// <summary>What an address of a channel looks like. Pure.</summary>
/// <param name="Expected">What an address should be, for whoever gave another: "a phone number with its country code, such as …".</param>
/// <param name="IsAddress">Whether a text is one.</param>
/// <param name="Normal">
/// The one spelling of an address, so that a person is found by it. A text that is no address comes back without the space around it.
/// </param>
public sealed record AddressForm(string Expected, Func<string, bool> IsAddress, Func<string, string> Normal)
{
    /// <summary>By which every language has words for what is expected; null where only its channel has.</summary>
    private string? Code { get; init; }

    /// <summary>What is expected: quoted, where the engine has no words of its own for it.</summary>
    internal Sentence What => Code is { } code ? new(code) : new("reason.said", Expected);

    /// <summary>A form that the engine has words for.</summary>
    internal static AddressForm Said(string code, Func<string, bool> isAddress, Func<string, string> normal) =>
        new(Wording.English.Of(new(code)), isAddress, normal) { Code = code };

    /// <summary>One line of at most 320 characters, spelt as it was given.</summary>
    public static AddressForm Line { get; } =
        Said(
            "form.line",
            address => address.Length <= 320 && !string.IsNullOrWhiteSpace(address) && !address.Any(char.IsControl),
            address => address.Trim()
        );
}
