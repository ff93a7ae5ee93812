using System.Diagnostics.Contracts;
using System.Globalization;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Zones;

namespace Reminders.People;

/// <summary>What may be said of people. Pure. Every wrong field is named, with its value.</summary>
[Pure]
internal static class RecipientRules
{
    // Each line is a row; there are far fewer kinds and channels to have a wish about.
    private const int MostPreferences = 200;

    public static IReadOnlyDictionary<string, string[]> Check(IReadOnlyList<RecipientDraft>? people, ChannelCatalog channels)
    {
        var errors = new FieldErrors();
        if (people is not { Count: > 0 and <= KeepRecipients.Most })
        {
            errors.Add("recipients", $"has {people?.Count ?? 0}: 1 to {KeepRecipients.Most} people are expected.");
            return errors.All;
        }
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < people.Count && !errors.IsFull; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"recipients[{i}]");
            if (people[i] is not { } person)
            {
                errors.Add(at, "is null: it should be a person.");
                continue;
            }
            Person(errors, at, person, channels);
            if (person.Reference?.Trim() is { } reference && !seen.TryAdd(reference, i))
            {
                errors.Add(
                    $"{at}.reference",
                    $"is '{FieldErrors.Cut(reference)}', as is that of recipients[{seen[reference]}]: which one counts?"
                );
            }
        }
        return errors.All;
    }

    private static void Person(FieldErrors errors, string at, RecipientDraft person, ChannelCatalog channels)
    {
        errors.Name($"{at}.reference", person.Reference, 200, required: true);
        errors.Line($"{at}.name", person.Name, 200, required: true);
        LocaleRules.Check(errors, at, person.Locale, person.Zone);
        foreach (var (channel, address) in person.Addresses ?? new Dictionary<string, string>())
        {
            if (channels.Find(channel) is not { Address: var form })
            {
                errors.Add(
                    $"{at}.addresses",
                    $"has '{FieldErrors.Cut(channel)}': the channels with addresses are "
                        + $"{string.Join(", ", channels.All.Select(known => known.Name))}."
                );
            }
            else if (address is null || !form.IsAddress(address))
            {
                errors.Add(
                    $"{at}.addresses.{channel}",
                    $"is {(address is null ? "null" : $"'{FieldErrors.Cut(address)}'")}: it should be {form.Expected}."
                );
            }
        }
        if (person.Preferences?.Count > MostPreferences)
        {
            errors.Add($"{at}.preferences", $"has {person.Preferences.Count} lines: at most {MostPreferences} are allowed.");
        }

        foreach (var line in (person.Preferences ?? []).TakeWhile(_ => !errors.IsFull))
        {
            if (line?.Wanted is null)
            {
                errors.Add($"{at}.preferences", "has a line without wanted: true or false.");
            }

            errors.Line($"{at}.preferences.kind", line?.Kind, 64, required: false);
            errors.Line($"{at}.preferences.channel", line?.Channel, 32, required: false);
            if (
                line?.Kind is { } kind && string.IsNullOrWhiteSpace(kind)
                || line?.Channel is { } wished && string.IsNullOrWhiteSpace(wished)
            )
            {
                errors.Add($"{at}.preferences", "has a line with a blank kind or channel: leave it out, for any.");
            }
        }
    }
}
