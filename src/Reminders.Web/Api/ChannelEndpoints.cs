using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Web.Keys;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary><c>{"recipient": "1001", "reason": "Anna's chat is fine again"}</c>; without a recipient, everything.</summary>
internal sealed record ResumeRequest(string? Recipient, string? Reason);

/// <summary><c>{"until": "2026-11-26T14:30:00Z", "reason": "The text is wrong"}</c>; without an end, until it is resumed.</summary>
internal sealed record PauseRequest(DateTimeOffset? Until, string? Reason);

/// <param name="Incidents">Rests of a channel that last, or that something is still in doubt from, and those of the last week.</param>
internal sealed record ChannelList(IReadOnlyList<ChannelStatus> Items, IReadOnlyList<Incident> Incidents);

/// <summary>For operators: how the channels stand, and the pauses that they lift or make. Each is audited with its reason.</summary>
internal static class ChannelEndpoints
{
    public static void MapChannels(this IEndpointRouteBuilder api)
    {
        var channels = api.MapGroup("/channels").WithTags("Channels").RequireAuthorization(Policies.Operator);
        channels.MapGet("", ListAsync).Describe(ChannelTexts.List).Produces<ChannelList>().WithProblems();
        channels
            .MapPost("/{name}/resume", ResumeAsync)
            .Describe(ChannelTexts.Resume)
            .Produces<ChannelStatus>()
            .WithProblems(400, 404, 413, 415, 422);
        channels
            .MapPost("/{name}/pause", PauseAsync)
            .Describe(ChannelTexts.Pause)
            .Produces<ChannelStatus>()
            .WithProblems(400, 404, 413, 415, 422);
    }

    private static async Task<IResult> ListAsync(
        CommandTransaction db,
        IEnumerable<ServedChannel> served,
        Spoken spoken,
        CancellationToken stop
    ) =>
        TypedResults.Ok(
            new ChannelList(
                [
                    .. (
                        await ChannelBoard.ReadAsync(db.Command, served.Select(channel => channel.Name), only: null, queue: true, stop)
                    ).Select(channel => channel.In(spoken.Words)),
                ],
                [.. (await ChannelBoard.IncidentsAsync(db.Command, all: true, stop)).Select(one => one.In(spoken.Words))]
            )
        );

    private static async Task<IResult> ResumeAsync(
        string name,
        Body<ResumeRequest> body,
        IMediator mediator,
        Spoken spoken,
        CancellationToken stop
    ) =>
        body.Refusal(given => ChannelDesk.Check(name, given.Recipient, given.Reason))
        ?? (await mediator.Send(new ResumeChannel(name, body.Value!.Recipient, body.Value.Reason), stop)).ToResult(done =>
            TypedResults.Ok(done.In(spoken.Words))
        );

    private static async Task<IResult> PauseAsync(
        string name,
        Body<PauseRequest> body,
        IMediator mediator,
        Spoken spoken,
        CancellationToken stop
    ) =>
        body.Refusal(given => ChannelDesk.Check(name, null, given.Reason))
        ?? (await mediator.Send(new PauseChannel(name, body.Value!.Until, body.Value.Reason), stop)).ToResult(done =>
            TypedResults.Ok(done.In(spoken.Words))
        );
}
