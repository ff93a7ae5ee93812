using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Explain;
using Reminders.Notifications;
using Reminders.Web.Keys;
using Reminders.Web.Limits;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary>The one entrance for whatever is no booking: carts, customers, tickets.</summary>
internal static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        var notifications = api.MapGroup("/notifications")
            .WithTags("Notifications")
            .WithMetadata(RawBody.Bulk)
            .RequireAuthorization(Policies.Notifications);
        notifications
            .MapPost("", AskAsync)
            .About(context => $"subject {context.Arguments.OfType<Body<Notify>>().First().Value?.Subject}")
            .Describe(NotificationTexts.Ask)
            .Produces<NotifyResult>()
            .WithProblems(400, 404, 409, 413, 415, 422);
        notifications
            .MapDelete("", CancelAsync)
            .About(context => $"subject {context.HttpContext.Request.Query["subject"]}")
            .Describe(NotificationTexts.Cancel)
            .Produces<CancelResult>()
            .WithProblems(400, 404, 409);
        notifications
            .MapGet("/explain", ExplainAsync)
            .Describe(NotificationTexts.Explain)
            .Produces<SubjectStory>()
            .WithProblems(400, 404, 409);
    }

    private static async Task<IResult> ExplainAsync(
        string? type,
        string? subject,
        Explainer explainer,
        Spoken spoken,
        OwnedNames names,
        CancellationToken stop,
        string? after = null
    )
    {
        var errors = new FieldErrors();
        errors.Text("type", type, 64, required: true);
        errors.Text("subject", subject, 200, required: true);
        if (errors.All.Count > 0)
        {
            return new WrongFieldsResult(errors.All);
        }

        if (StoryQuery.After(after, out var last) is { } wrong)
        {
            return wrong;
        }

        if (await names.SubjectAsync(type!, subject!, stop) is { IsAmbiguous: true } found)
        {
            return new ProblemResult(StatusCodes.Status409Conflict, Reasons.Meaning(found.Question("several_subjects", type)));
        }

        return await explainer.ExplainAsync(type!, subject!, spoken.Words, stop, last) is { } story
            ? TypedResults.Ok(story)
            : OutcomeResults.NotFound("never_asked", type, FieldErrors.Cut(subject!));
    }

    private static async Task<IResult> AskAsync(Body<Notify> body, IMediator mediator, CancellationToken stop) =>
        body.Refusal() ?? (await mediator.Send(body.Value!, stop)).ToResult();

    private static async Task<IResult> CancelAsync(string? type, string? subject, IMediator mediator, CancellationToken stop) =>
        (await mediator.Send(new CancelNotifications(type, subject), stop)).ToResult();
}
