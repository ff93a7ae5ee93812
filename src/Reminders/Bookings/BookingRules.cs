using System.Diagnostics.Contracts;
using System.Globalization;
using Reminders.Commands;
using Reminders.Zones;

namespace Reminders.Bookings;

/// <summary>What may be booked. Pure: <c>now</c> is an argument. Every wrong field is named, with its value.</summary>
[Pure]
internal static class BookingRules
{
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    public static IReadOnlyDictionary<string, string[]> Check(
        string? title,
        string? place,
        DateTimeOffset? startsAt,
        PersonDraft? candidate,
        PersonDraft? recruiter,
        DateTimeOffset now
    )
    {
        var errors = new FieldErrors();
        errors.Line("title", title, 200, required: true);
        errors.Line("place", place, 500, required: false);
        Start(errors, startsAt, now);
        Person(errors, "candidate", candidate);
        Person(errors, "recruiter", recruiter);
        return errors.All;
    }

    public static IReadOnlyDictionary<string, string[]> CheckStart(DateTimeOffset? startsAt, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        Start(errors, startsAt, now);
        return errors.All;
    }

    public static IReadOnlyDictionary<string, string[]> CheckPerson(string field, PersonDraft? person)
    {
        var errors = new FieldErrors();
        Person(errors, field, person);
        return errors.All;
    }

    private static void Start(FieldErrors errors, DateTimeOffset? startsAt, DateTimeOffset now)
    {
        if (startsAt is not { } start)
        {
            errors.Add("startsAt", "is required: an instant with its offset, such as 2027-03-01T15:00:00+03:00.");
        }
        else if (start <= now)
        {
            errors.Add("startsAt", $"is {Show(start)}, which is in the past: it is now {Show(now)}.");
        }
        else if (start - now > Furthest)
        {
            errors.Add("startsAt", $"is {Show(start)}, more than a year ahead of now ({Show(now)}).");
        }
    }

    private static void Person(FieldErrors errors, string field, PersonDraft? person)
    {
        if (person is null)
        {
            errors.Add(field, "is required: an object with at least a name.");
            return;
        }
        errors.Line($"{field}.name", person.Name, 200, required: true);
        errors.Name($"{field}.reference", person.Reference, 200, required: false);
        if (person.Reference is { } reference && string.IsNullOrWhiteSpace(reference))
        {
            errors.Add($"{field}.reference", "is blank: leave it out, or give the person's own id.");
        }

        if (person.TelegramChatId is <= 0)
        {
            errors.Add($"{field}.telegramChatId", $"is {person.TelegramChatId}: a person's chat id is positive.");
        }

        LocaleRules.Check(errors, field, person.Locale, person.Zone);
    }

    private static string Show(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
