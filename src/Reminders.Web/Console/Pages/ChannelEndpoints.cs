using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Outbox.Operators;
using Reminders.Web.Console.Acts;

namespace Reminders.Web.Console.Pages;

/// <summary>Stopping a channel by hand, and letting it go on.</summary>
internal static class ChannelEndpoints
{
    private static readonly string[] Acts = ["pause", "resume"];

    public static void MapChannels(this IEndpointRouteBuilder app)
    {
        app.MapGet("/channels/{name}/{act}", RehearseAsync);
        app.MapPost("/channels/{name}/{act}", ActAsync);
    }

    private static async Task<IResult> RehearseAsync(string name, string act, HttpContext http, Visitor visitor, Rehearsal rehearsal) =>
        Acts.Contains(act) ? await PageAsync(name, act, http, visitor, rehearsal, null, null, StatusCodes.Status200OK) : Results.NotFound();

    private static async Task<IResult> ActAsync(
        string name,
        string act,
        HttpContext http,
        Visitor visitor,
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
        var reason = form["reason"].ToString();
        if (ChannelDesk.Check(name, null, reason).Count > 0)
        {
            return await Again(visitor.Words.ReasonMissing, StatusCodes.Status422UnprocessableEntity);
        }

        var outcome = await mediator.Send(CommandOf(act, name, reason), http.RequestAborted);
        return outcome switch
        {
            Outcome<ChannelStatus>.Done => http.SeeOther("/cluster", act),
            Outcome<ChannelStatus>.NotFound => Results.NotFound(),
            _ => await Again(Rehearsal.RefusalOf(outcome)!, StatusCodes.Status409Conflict),
        };

        Task<IResult> Again(string problem, int status)
        {
            caller.IdempotencyKey = null;
            return PageAsync(name, act, http, visitor, rehearsal, reason, problem, status);
        }
    }

    private static async Task<IResult> PageAsync(
        string name,
        string act,
        HttpContext http,
        Visitor visitor,
        Rehearsal rehearsal,
        string? reason,
        string? problem,
        int status
    )
    {
        var rehearsed = await rehearsal.RunAsync(CommandOf(act, name, "?"), subject: null, http.RequestAborted);
        return http.Show<ActPage, ActShown>(
            visitor.Words.ActOn(act, name),
            "/cluster",
            new(
                act,
                "/cluster",
                $"/channels/{name}/{act}",
                name,
                rehearsed,
                problem,
                "",
                AsksReason: true,
                reason ?? "",
                Start: null,
                Guid.NewGuid().ToString("N")
            ),
            status
        );
    }

    private static ICommand<Outcome<ChannelStatus>> CommandOf(string act, string name, string reason) =>
        act == "pause" ? new PauseChannel(name, reason) : new ResumeChannel(name, null, reason);
}
