using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Explain;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

/// <param name="Message">Null where there is none to show.</param>
internal sealed record ChatShown(ChatMessage? Message);

/// <param name="Story">Null where it took too long.</param>
internal sealed record BookingShown(BookingView Booking, BookingStory? Story, DateTimeOffset Now);

/// <summary>One booking, and what can be done with it. The step before an act says what it would do.</summary>
internal static class BookingEndpoints
{
    public static void MapBooking(this IEndpointRouteBuilder app)
    {
        app.MapGet("/bookings/{id:guid}", ShowAsync);
        app.MapMethods("/bookings/{id:guid}/{act}", ActFlow.Verbs, ActAsync);
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
                if (await bookings.FindAsync(id, http.RequestAborted) is not { } booking)
                {
                    return Results.NotFound();
                }

                await ConsoleDatabase.PartAsync(
                    transaction,
                    inChat,
                    async () => new ChatShown(await chat.OfBookingAsync(id, http.RequestAborted)),
                    http.RequestAborted
                );
                var story = await ConsoleDatabase.PartAsync(
                    transaction,
                    async () => (await explainer.ExplainAsync(id, visitor.Words.Story, http.RequestAborted, last))!,
                    http.RequestAborted
                );
                return http.Show<BookingPage, BookingShown>(
                    visitor.Words.BookingOf(booking.Candidate.Name),
                    "/day",
                    new(booking, story, time.GetUtcNow()),
                    topic: "bookings"
                );
            },
            http.RequestAborted
        );

    private static Task<IResult> ActAsync(Guid id, string act, HttpContext http, ActFlow flow, BookingActs booked) =>
        flow.RunAsync(http, () => booked.FindAsync(http, id, act));
}
