using System.Diagnostics.Contracts;
using System.Globalization;
using Reminders.Commands;
using Reminders.Words;
using Reminders.Zones;

namespace Reminders.Bookings;

/// <summary>What may be booked. Pure: <c>now</c> is an argument. Every wrong field is named, with its value.</summary>
[Pure]
internal static class BookingRules
{
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    public static WrongFields Check(
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

    public static WrongFields CheckStart(DateTimeOffset? startsAt, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        Start(errors, startsAt, now);
        return errors.All;
    }

    public static WrongFields CheckPerson(string field, PersonDraft? person)
    {
        var errors = new FieldErrors();
        Person(errors, field, person);
        return errors.All;
    }

    private static void Start(FieldErrors errors, DateTimeOffset? startsAt, DateTimeOffset now)
    {
        if (startsAt is not { } start)
        {
            errors.Add("startsAt", "wrong.required", new Sentence("form.instant"));
        }
        else if (start <= now)
        {
            errors.Add("startsAt", "wrong.past", Show(start), Show(now));
        }
        else if (start - now > Furthest)
        {
            errors.Add("startsAt", "wrong.too_far", Show(start), Show(now));
        }
    }

    private static void Person(FieldErrors errors, string field, PersonDraft? person)
    {
        if (person is null)
        {
            errors.Add(field, "wrong.required", new Sentence("form.named_object"));
            return;
        }
        errors.Line($"{field}.name", person.Name, 200, required: true);
        errors.Name($"{field}.reference", person.Reference, 200, required: false);
        if (person.Reference is { } reference && string.IsNullOrWhiteSpace(reference))
        {
            errors.Add($"{field}.reference", "wrong.blank_reference");
        }

        if (person.TelegramChatId is <= 0)
        {
            errors.Add($"{field}.telegramChatId", "wrong.chat_id", person.TelegramChatId);
        }

        LocaleRules.Check(errors, field, person.Locale, person.Zone);
    }

    private static string Show(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
