using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Outbox.Operators;
using Reminders.Web.Keys;

namespace Reminders.Web.Api;

internal sealed record KindList(IReadOnlyList<KindStatus> Items);

/// <summary>For operators: how the kinds stand, and their pauses. Each is audited with its reason.</summary>
internal static class KindEndpoints
{
    public static void MapKinds(this IEndpointRouteBuilder api)
    {
        var kinds = api.MapGroup("/kinds").WithTags("Kinds").RequireAuthorization(Policies.Operator);
        kinds.MapGet("", ListAsync).Describe(KindTexts.List).Produces<KindList>().WithProblems();
        kinds
            .MapPost("/{name}/resume", ResumeAsync)
            .Describe(KindTexts.Resume)
            .Produces<KindStatus>()
            .WithProblems(400, 404, 413, 415, 422);
        kinds.MapPost("/{name}/pause", PauseAsync).Describe(KindTexts.Pause).Produces<KindStatus>().WithProblems(400, 404, 413, 415, 422);
    }

    private static async Task<IResult> ListAsync(CommandTransaction db, KindCatalog kinds, CancellationToken stop) =>
        TypedResults.Ok(new KindList(await KindBoard.ReadAsync(db.Command, kinds.Kinds.Values, stop)));

    private static async Task<IResult> ResumeAsync(string name, Body<ReasonRequest> body, IMediator mediator, CancellationToken stop) =>
        body.Refusal(given => KindDesk.Check(name, given.Reason))
        ?? (await mediator.Send(new ResumeKind(name, body.Value!.Reason), stop)).ToResult();

    private static async Task<IResult> PauseAsync(string name, Body<PauseRequest> body, IMediator mediator, CancellationToken stop) =>
        body.Refusal(given => KindDesk.Check(name, given.Reason))
        ?? (await mediator.Send(new PauseKind(name, body.Value!.Until, body.Value.Reason), stop)).ToResult();
}
