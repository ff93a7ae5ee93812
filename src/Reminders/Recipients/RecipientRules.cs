using System.Globalization;
using Reminders.Bookings;

namespace Reminders.Recipients;

/// <summary>What may be said of people. Pure. Every wrong field is named, with its value.</summary>
internal static class RecipientRules
{
    private static readonly string[] Channels = ["telegram", "email", "whatsapp"];

    // Enough to see what is wrong with a bulk; a page of ten thousand errors helps nobody.
    private const int MostErrors = 50;

    public static IReadOnlyDictionary<string, string[]> Check(IReadOnlyList<RecipientDraft>? people)
    {
        var errors = new FieldErrors();
        if (people is not { Count: > 0 and <= KeepRecipients.Most })
        {
            errors.Add("recipients", $"has {people?.Count ?? 0}: 1 to {KeepRecipients.Most} people are expected.");
            return errors.All;
        }
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < people.Count && errors.All.Count < MostErrors; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"recipients[{i}]");
            Person(errors, at, people[i]);
            if (people[i].Reference?.Trim() is { } reference && !seen.TryAdd(reference, i))
                errors.Add($"{at}.reference", $"is '{FieldErrors.Cut(reference)}', as is that of recipients[{seen[reference]}]: which one counts?");
        }
        return errors.All;
    }

    /// <summary>One spelling per address, so that a person is found by it.</summary>
    public static string Normal(string channel, string address) => channel switch
    {
        "whatsapp" => string.Concat(address.Where(char.IsAsciiDigit)),
        "telegram" => long.Parse(address, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        _ => address.Trim(),
    };

    private static void Person(FieldErrors errors, string at, RecipientDraft person)
    {
        errors.Text($"{at}.reference", person.Reference, 200, required: true);
        errors.Text($"{at}.name", person.Name, 200, required: true);
        BookingRules.LocaleAndZone(errors, at, person.Locale, person.Zone);
        foreach (var (channel, address) in person.Addresses ?? new Dictionary<string, string>())
        {
            if (!Channels.Contains(channel))
                errors.Add($"{at}.addresses", $"has '{FieldErrors.Cut(channel)}': the channels with addresses are {string.Join(", ", Channels)}.");
            else if (!IsAddress(channel, address))
                errors.Add($"{at}.addresses.{channel}", $"is '{FieldErrors.Cut(address)}': it should be {Expected(channel)}.");
        }
        foreach (var line in person.Preferences ?? [])
        {
            if (line.Wanted is null)
                errors.Add($"{at}.preferences", "has a line without wanted: true or false.");
            errors.Text($"{at}.preferences.kind", line.Kind, 64, required: false);
            errors.Text($"{at}.preferences.channel", line.Channel, 32, required: false);
        }
    }

    private static bool IsAddress(string channel, string address) => channel switch
    {
        "telegram" => long.TryParse(address, NumberStyles.None, CultureInfo.InvariantCulture, out var chat) && chat > 0,
        "whatsapp" => address.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')')
            && address.Count(char.IsAsciiDigit) is >= 7 and <= 15,
        _ => address.Length <= 320 && address.Split('@') is [{ Length: > 0 and <= 64 }, { Length: > 0 } domain]
            && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';') && !domain.StartsWith('.'),
    };

    private static string Expected(string channel) => channel switch
    {
        "telegram" => "a person's chat id, which is positive",
        "whatsapp" => "a phone number with its country code, such as +49 151 23456789",
        _ => "an e-mail address such as anna@example.com",
    };
}
