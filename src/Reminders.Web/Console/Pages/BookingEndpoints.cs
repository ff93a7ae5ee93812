using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Explain;
using Reminders.Storage;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

/// <param name="Message">Null where there is none to show.</param>
internal sealed record ChatShown(ChatMessage? Message);

internal sealed record BookingShown(BookingView Booking, BookingStory Story, DateTimeOffset Now);

/// <summary>One booking, and what can be done with it. The step before an act says what it would do.</summary>
internal static class BookingEndpoints
{
    public static void MapBooking(this IEndpointRouteBuilder app)
    {
        app.MapGet("/bookings/{id:guid}", ShowAsync);
        app.MapGet("/bookings/{id:guid}/{act}", LookAsync);
        app.MapPost("/bookings/{id:guid}/{act}", DoAsync);
    }

    private static Task<IResult> ShowAsync(
        Guid id,
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        BookingReader bookings,
        Explainer explainer,
        ChatReader chat,
        Shown<ChatShown> inChat,
        TimeProvider time,
        string? after
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
            {
                var last = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
                inChat.It = new(await chat.OfBookingAsync(id, http.RequestAborted));
                return
                    await bookings.FindAsync(id, http.RequestAborted) is { } booking
                    && await explainer.ExplainAsync(id, http.RequestAborted, last) is { } story
                    ? http.Show<BookingPage, BookingShown>(
                        visitor.Words.BookingOf(booking.Candidate.Name),
                        "/day",
                        new(booking, story, time.GetUtcNow()),
                        topic: "bookings"
                    )
                    : Results.NotFound();
            },
            http.RequestAborted
        );

    private static Task<IResult> LookAsync(Guid id, string act, HttpContext http, ActFlow flow, Booked booked) =>
        flow.LookAsync(http, () => booked.FindAsync(http, id, act));

    private static Task<IResult> DoAsync(Guid id, string act, HttpContext http, ActFlow flow, Booked booked) =>
        flow.DoAsync(http, () => booked.FindAsync(http, id, act));
}

/// <summary>What can be done to a booking.</summary>
internal sealed class Booked(CommandTransaction transaction, BookingReader bookings, Visitor visitor)
{
    private static readonly string[] Acts = ["approve", "move", "cancel"];

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
                "cancel" => new CancelBooking(id),
                // Not typed yet: there is nothing to rehearse.
                _ => start is { } at ? new MoveBooking(id, at) : null,
            }
        )
        {
            Subject = subject,
            Seen = revision,
            Time = act == "move" ? new("start", words.NewStart(visitor.Zone.Id), typed, IsRequired: true) : null,
            Problem = act == "move" && typed.Length > 0 && start is null ? words.StartWrong : null,
        };
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
