using System.Diagnostics.Contracts;
using System.Globalization;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Words;
using Reminders.Zones;

namespace Reminders.People;

/// <summary>What may be said of people. Pure. Every wrong field is named, with its value.</summary>
[Pure]
internal static class RecipientRules
{
    // Each line is a row; there are far fewer kinds and channels to have a wish about.
    private const int MostPreferences = 200;

    public static WrongFields Check(IReadOnlyList<RecipientDraft>? people, ChannelCatalog channels)
    {
        var errors = new FieldErrors();
        if (people is not { Count: > 0 and <= KeepRecipients.Most })
        {
            errors.Add("recipients", "wrong.people", people?.Count ?? 0, KeepRecipients.Most);
            return errors.All;
        }
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < people.Count && !errors.IsFull; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"recipients[{i}]");
            if (people[i] is not { } person)
            {
                errors.Add(at, "wrong.no_person");
                continue;
            }
            Person(errors, at, person, channels);
            if (person.Reference?.Trim() is { } reference && !seen.TryAdd(reference, i))
            {
                errors.Add($"{at}.reference", "wrong.same_person", FieldErrors.Cut(reference), seen[reference]);
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
                    "wrong.no_address_channel",
                    FieldErrors.Cut(channel),
                    string.Join(", ", channels.All.Select(known => known.Name))
                );
            }
            else if (address is null || !form.IsAddress(address))
            {
                errors.Add(
                    $"{at}.addresses.{channel}",
                    address is null
                        ? new Sentence("wrong.not_bare", "null", form.What)
                        : new("wrong.not", FieldErrors.Cut(address), form.What)
                );
            }
        }
        if (person.Preferences?.Count > MostPreferences)
        {
            errors.Add($"{at}.preferences", "wrong.lines", person.Preferences.Count, MostPreferences);
        }

        foreach (var line in (person.Preferences ?? []).TakeWhile(_ => !errors.IsFull))
        {
            if (line?.Wanted is null)
            {
                errors.Add($"{at}.preferences", "wrong.no_wanted");
            }

            errors.Line($"{at}.preferences.kind", line?.Kind, 64, required: false);
            errors.Line($"{at}.preferences.channel", line?.Channel, 32, required: false);
            if (
                line?.Kind is { } kind && string.IsNullOrWhiteSpace(kind)
                || line?.Channel is { } wished && string.IsNullOrWhiteSpace(wished)
            )
            {
                errors.Add($"{at}.preferences", "wrong.blank_line");
            }
        }
    }
}
