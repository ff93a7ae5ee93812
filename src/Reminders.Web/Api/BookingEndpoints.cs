using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Bookings;
using Reminders.Explain;
using Reminders.Inbound;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Web.Keys;
using Reminders.Web.Limits;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary><c>{"startsAt": "2027-03-01T15:00:00+03:00"}</c></summary>
internal sealed record MoveRequest(DateTimeOffset? StartsAt);

/// <summary><c>{"candidate": {"name": "Anna", "telegramChatId": 1001}}</c></summary>
internal sealed record CandidateRequest(PersonDraft? Candidate);

/// <summary><c>{"ids": ["0199f1d2-…", …]}</c></summary>
internal sealed record ApproveRequest(IReadOnlyList<Guid>? Ids);

/// <summary><c>{"answer": "confirm", "by": "Rita", "how": "phone"}</c></summary>
internal sealed record AnswerRequest(string? Answer, string? By, string? How, string? Reason);

/// <summary>Bookings over HTTP. Each change is one command of the engine's, in one transaction.</summary>
internal static class BookingEndpoints
{
    public static void MapBookings(this IEndpointRouteBuilder api)
    {
        var bookings = api.MapGroup("/bookings").WithTags("Bookings").RequireAuthorization(Policies.Bookings);
        bookings.MapPost("", CreateAsync).Describe(BookingTexts.Create).Produces<BookingView>(201).WithProblems(400, 413, 415, 422);
        bookings
            .MapPost("/approve", ApproveManyAsync)
            .Describe(BookingTexts.ApproveMany)
            .Produces<BulkApproval>()
            .WithProblems(400, 413, 415, 422);

        var booking = bookings
            .MapGroup("/{id}")
            .WithReadableId(given => Guid.TryParse(given, out _), "form.booking_id")
            .About(context => $"booking {context.HttpContext.Request.RouteValues["id"]}");
        booking.MapGet("", GetAsync).Describe(BookingTexts.Get).Produces<BookingView>().WithProblems(400, 404);
        booking.MapPost("/approve", ApproveAsync).Describe(BookingTexts.Approve).Produces<BookingView>().WithProblems(400, 404, 409, 422);
        booking
            .MapPost("/ask-again", AskAgainAsync)
            .Describe(BookingTexts.AskAgain)
            .Produces<BookingView>()
            .WithProblems(400, 404, 409, 422);
        booking.MapPost("/move", MoveAsync).Describe(BookingTexts.Move).Produces<BookingView>().WithProblems(400, 404, 409, 413, 415, 422);
        booking.MapPost("/cancel", CancelAsync).Describe(BookingTexts.Cancel).Produces<BookingView>().WithProblems(400, 404, 422);
        booking
            .MapPost("/answer", AnswerAsync)
            .Describe(BookingTexts.Answer)
            .Produces<RecordedAnswer>()
            .WithProblems(400, 404, 409, 413, 415, 422);
        booking
            .MapPost("/candidate", ChangeCandidateAsync)
            .Describe(BookingTexts.Candidate)
            .Produces<BookingView>()
            .WithProblems(400, 404, 409, 413, 415, 422);
        booking
            .MapGet("/reminders", RemindersAsync)
            .Describe(BookingTexts.Reminders)
            .Produces<IReadOnlyList<ReminderView>>()
            .WithProblems(400, 404);
        booking.MapGet("/explain", ExplainAsync).Describe(BookingTexts.Explain).Produces<BookingStory>().WithProblems(400, 404);
    }

    private static async Task<IResult> CreateAsync(
        Body<CreateBooking> body,
        IMediator mediator,
        TimeProvider time,
        ClockWatch clock,
        HttpRequest request,
        CancellationToken stop
    ) =>
        body.Refusal(given =>
            BookingRules.Check(given.Title, given.Place, given.StartsAt, given.Candidate, given.Recruiter, time.GetUtcNow() - clock.Skew)
        )
        ?? (await mediator.Send(body.Value!, stop)).ToResult(made =>
            TypedResults.Created($"{request.PathBase}/api/bookings/{made.Id}", made)
        );

    private static async Task<IResult> ApproveManyAsync(
        Body<ApproveRequest> body,
        IMediator mediator,
        Spoken spoken,
        CancellationToken stop
    ) =>
        body.Refusal()
        ?? (await mediator.Send(new ApproveBookings(body.Value!.Ids), stop)).ToResult(done =>
            TypedResults.Ok(new BulkApproval([.. done.Results.Select(one => one.In(spoken.Words))]))
        );

    private static async Task<IResult> GetAsync(Guid id, BookingReader bookings, CancellationToken stop) =>
        await bookings.FindAsync(id, stop) is { } found ? TypedResults.Ok(found) : OutcomeResults.NoBooking(id);

    private static async Task<IResult> ApproveAsync(Guid id, IMediator mediator, CancellationToken stop) =>
        (await mediator.Send(new ApproveBooking(id), stop)).ToResult();

    private static async Task<IResult> AskAgainAsync(Guid id, IMediator mediator, CancellationToken stop) =>
        (await mediator.Send(new AskAgain(id), stop)).ToResult();

    private static async Task<IResult> MoveAsync(Guid id, Body<MoveRequest> body, IMediator mediator, CancellationToken stop) =>
        body.Refusal() ?? (await mediator.Send(new MoveBooking(id, body.Value!.StartsAt), stop)).ToResult();

    private static async Task<IResult> CancelAsync(Guid id, IMediator mediator, CancellationToken stop) =>
        (await mediator.Send(new CancelBooking(id), stop)).ToResult();

    private static async Task<IResult> AnswerAsync(
        Guid id,
        Body<AnswerRequest> body,
        KindCatalog kinds,
        IMediator mediator,
        Spoken spoken,
        CancellationToken stop
    ) =>
        body.Refusal(given => HandAnswers.Check(kinds.AnswersAbout(BookingSubject.Type), given.Answer, given.By, given.How, given.Reason))
        ?? (await mediator.Send(new RecordAnswer(id, body.Value!.Answer, body.Value.By, body.Value.How, body.Value.Reason), stop)).ToResult(
            done => TypedResults.Ok(done.In(spoken.Words))
        );

    private static async Task<IResult> ChangeCandidateAsync(
        Guid id,
        Body<CandidateRequest> body,
        IMediator mediator,
        CancellationToken stop
    ) =>
        body.Refusal(given => BookingRules.CheckPerson("candidate", given.Candidate))
        ?? (await mediator.Send(new ChangeCandidate(id, body.Value!.Candidate), stop)).ToResult();

    private static async Task<IResult> RemindersAsync(
        Guid id,
        BookingReminders reminders,
        Spoken spoken,
        HttpContext http,
        CancellationToken stop,
        string? after = null
    )
    {
        if (StoryQuery.After(after, out var last) is { } wrong)
        {
            return wrong;
        }

        if (await reminders.FindAsync(id, last, spoken.Words, stop) is not { } found)
        {
            return OutcomeResults.NoBooking(id);
        }
        // The list itself is the body, and has no room for where it goes on.
        if (found.Next is { } next)
        {
            http.Response.Headers.Link = string.Create(
                CultureInfo.InvariantCulture,
                $"<{http.Request.PathBase}{http.Request.Path}?after={next}>; rel=\"next\""
            );
        }

        return TypedResults.Ok(found.Items);
    }

    private static async Task<IResult> ExplainAsync(
        Guid id,
        Explainer explainer,
        Spoken spoken,
        CancellationToken stop,
        string? after = null
    ) =>
        StoryQuery.After(after, out var last)
        ?? (
            await explainer.ExplainAsync(id, spoken.Words, stop, last) is { } story ? TypedResults.Ok(story) : OutcomeResults.NoBooking(id)
        );
}
