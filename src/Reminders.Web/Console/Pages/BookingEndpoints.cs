using System.Globalization;
using MediatR;
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
    private static readonly string[] Acts = ["approve", "move", "cancel"];

    /// <summary>As a browser's own field has it, and as people type.</summary>
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm"];

    public static void MapBooking(this IEndpointRouteBuilder app)
    {
        app.MapGet("/bookings/{id:guid}", ShowAsync);
        app.MapGet("/bookings/{id:guid}/{act}", RehearseAsync);
        app.MapPost("/bookings/{id:guid}/{act}", ActAsync);
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

    private static async Task<IResult> RehearseAsync(
        Guid id,
        string act,
        HttpContext http,
        Visitor visitor,
        CommandTransaction transaction,
        BookingReader bookings,
        Rehearsal rehearsal,
        string? start
    )
    {
        if (!Acts.Contains(act))
        {
            return Results.NotFound();
        }

        return await PageAsync(id, act, http, visitor, transaction, bookings, rehearsal, start, problem: null, StatusCodes.Status200OK);
    }

    private static async Task<IResult> ActAsync(
        Guid id,
        string act,
        HttpContext http,
        Visitor visitor,
        CommandTransaction transaction,
        BookingReader bookings,
        Rehearsal rehearsal,
        IMediator mediator,
        Caller caller
    )
    {
        if (!Acts.Contains(act))
        {
            return Results.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var start = form["start"].ToString();
        if (CommandOf(act, id, start, visitor.Zone) is not { } command)
        {
            return await Again(visitor.Words.StartWrong, StatusCodes.Status422UnprocessableEntity);
        }

        caller.SeenRevision = int.TryParse(form["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : 0;
        try
        {
            var outcome = await mediator.Send(command, http.RequestAborted);
            return outcome switch
            {
                Outcome<BookingView>.Done => http.SeeOther($"/bookings/{id}", act),
                Outcome<BookingView>.NotFound => Results.NotFound(),
                _ => await Again(Rehearsal.RefusalOf(outcome)!, StatusCodes.Status409Conflict),
            };
        }
        catch (ChangedMeanwhileException)
        {
            return await Again(visitor.Words.ChangedMeanwhile, StatusCodes.Status409Conflict);
        }

        Task<IResult> Again(string problem, int status)
        {
            // As it is now: what was seen before does not count for what is shown next.
            (caller.SeenRevision, caller.IdempotencyKey) = (null, null);
            return PageAsync(id, act, http, visitor, transaction, bookings, rehearsal, start, problem, status);
        }
    }

    private static async Task<IResult> PageAsync(
        Guid id,
        string act,
        HttpContext http,
        Visitor visitor,
        CommandTransaction transaction,
        BookingReader bookings,
        Rehearsal rehearsal,
        string? start,
        string? problem,
        int status
    )
    {
        if (
            await bookings.FindAsync(id, http.RequestAborted) is not { } booking
            || await StampAsync(transaction, id, http.RequestAborted) is not ({ } subject, var revision)
        )
        {
            return Results.NotFound();
        }

        var command = CommandOf(act, id, start, visitor.Zone);
        // Not typed yet: there is nothing to rehearse.
        var rehearsed = command is null ? null : await rehearsal.RunAsync(command, subject, http.RequestAborted);
        var words = visitor.Words;
        return http.Show<ActPage, ActShown>(
            words.ActOnBooking(act, booking.Candidate.Name),
            "/day",
            new(
                act,
                $"/bookings/{id}",
                $"/bookings/{id}/{act}",
                $"{booking.Candidate.Name}, {booking.Title}, {words.When(booking.StartsAt, visitor.Zone)}",
                rehearsed,
                problem ?? (start is { Length: > 0 } && command is null ? words.StartWrong : null),
                revision.ToString(CultureInfo.InvariantCulture),
                AsksReason: false,
                Reason: null,
                Start: act == "move" ? start ?? "" : null,
                Guid.NewGuid().ToString("N")
            ),
            status
        );
    }

    /// <summary>Null where what was typed makes no command.</summary>
    private static ICommand<Outcome<BookingView>>? CommandOf(string act, Guid id, string? start, TimeZoneInfo zone) =>
        act switch
        {
            "approve" => new ApproveBooking(id),
            "cancel" => new CancelBooking(id),
            _ => DateTime.TryParseExact(start, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && local.Year is > 1970 and < 9000
            && !zone.IsInvalidTime(local)
                ? new MoveBooking(id, new DateTimeOffset(local, zone.GetUtcOffset(local)))
                : null,
        };

    private static async Task<(long? Subject, int Revision)> StampAsync(
        CommandTransaction transaction,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var find = transaction
            .Command("SELECT id, revision FROM reminders.subject WHERE type = 'booking' AND key = $1")
            .With(id.ToString());
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetInt32(1)) : (null, 0);
    }
}
