using System.Globalization;
using Microsoft.AspNetCore.Http;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Web.Console.Acts;

namespace Reminders.Web.Console.Pages;

/// <summary>What can be done to a booking.</summary>
internal sealed class BookingActs(CommandTransaction transaction, BookingReader bookings, Visitor visitor)
{
    private static readonly string[] Acts = ["approve", "again", "move", "give", "cancel"];

    public async Task<Act<BookingView>?> FindAsync(HttpContext http, Guid id, string act)
    {
        if (
            !Acts.Contains(act)
            || await bookings.FindAsync(id, http.RequestAborted) is not { } booking
            || await StampAsync(id, http.RequestAborted) is not ({ } subject, var revision)
        )
        {
            return null;
        }

        var words = visitor.Words;
        var typed = Typed.In(http, "start");
        var start = Typed.Instant(typed, visitor.Zone);
        var (given, isGiven) = Draft(http, booking.Candidate);
        return new(
            act,
            $"/bookings/{id}",
            $"/bookings/{id}/{act}",
            words.ActOnBooking(act, booking.Candidate.Name),
            "/day",
            $"{booking.Candidate.Name}, {booking.Title}, {words.When(booking.StartsAt, visitor.Zone)}",
            act switch
            {
                "approve" => new ApproveBooking(id),
                "again" => new AskAgain(id),
                "cancel" => new CancelBooking(id),
                "give" => isGiven ? new ChangeCandidate(id, given) : null,
                // Not typed yet: there is nothing to rehearse.
                _ => start is { } at ? new MoveBooking(id, at) : null,
            }
        )
        {
            Subject = subject,
            Seen = revision,
            Fields = act switch
            {
                "move" => [new("start", words.NewStart(visitor.Zone.Id), "datetime-local", typed, IsRequired: true)],
                "give" =>
                [
                    new("name", words.NameOfTheirs, "text", given.Name ?? "", IsRequired: true),
                    new("reference", words.Reference, "text", given.Reference ?? "", IsRequired: false),
                    new("chat", words.ChatOfTheirs, "text", Typed.In(http, "chat"), IsRequired: false),
                    new("locale", words.LanguageOfTheirs, "text", given.Locale ?? "", IsRequired: false),
                    new("zone", words.ZoneOfTheirs, "text", given.Zone ?? "", IsRequired: false),
                ],
                _ => [],
            },
            IsPersonal = act == "give",
            Problem = act == "move" && typed.Length > 0 && start is null ? words.StartWrong : null,
        };
    }

    /// <summary>Whom it is given to, as far as it was typed; language and zone are the former one's where nothing else is said.</summary>
    private static (PersonDraft Draft, bool IsGiven) Draft(HttpContext http, PersonView former)
    {
        string? Of(string field) => Typed.ByForm(http, field).Trim() is { Length: > 0 } text ? text : null;
        var chat = Of("chat");
        return (
            new(
                Of("name"),
                Typed.IsByForm(http) ? Of("locale") : former.Locale,
                Typed.IsByForm(http) ? Of("zone") : former.Zone,
                    // What is no number is refused with its value, as any chat that is none.
                    chat is null
                        ? null
                    : long.TryParse(chat, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                    : -1,
                Of("reference")
            ),
            Of("name") is not null
        );
    }

    private async Task<(long? Subject, int Revision)> StampAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var find = transaction
            .Command("SELECT id, revision FROM reminders.subject WHERE type = 'booking' AND key = $1")
            .With(id.ToString());
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetInt32(1)) : (null, 0);
    }
}
