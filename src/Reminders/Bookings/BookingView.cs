using Reminders.Zones;

namespace Reminders.Bookings;

/// <summary>A booking as its API shows it.</summary>
/// <param name="Status">proposed, approved, confirmed, declined or cancelled.</param>
/// <param name="ScheduleVersion">Grows when, and only when, what the candidate must be told changes.</param>
public sealed record BookingView(
    Guid Id,
    string Status,
    long ScheduleVersion,
    string Title,
    string? Place,
    DateTimeOffset StartsAt,
    PersonView Candidate,
    PersonView Recruiter,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt
);

/// <param name="TelegramChatId">Null until the person has opened the bot, or the booking named their chat.</param>
/// <param name="StartCode">What the person sends as <c>/start CODE</c> to be reachable.</param>
/// <param name="StartLink">The same as a link to open; null while the bot's name is unknown.</param>
public sealed record PersonView(
    string Reference,
    string Name,
    string Locale,
    string Zone,
    long? TelegramChatId,
    string StartCode,
    string? StartLink
);

/// <summary>A person as a booking names them.</summary>
/// <param name="Reference">The booking app's own id of the person, so that a second booking finds the same one. Optional.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Locale">A BCP 47 language tag such as <c>ru</c> or <c>en-GB</c>. Default <c>en</c>.</param>
/// <param name="Zone">An IANA time zone such as <c>Europe/Moscow</c>. Default <c>UTC</c>.</param>
/// <param name="TelegramChatId">Positive, when known; otherwise the person binds it with the start link.</param>
/// <param name="QuietHours">Local times between which nothing new is sent unless it could not wait. Default none.</param>
public sealed record PersonDraft(
    string? Name,
    string? Locale = null,
    string? Zone = null,
    long? TelegramChatId = null,
    string? Reference = null,
    QuietHours? QuietHours = null
);
