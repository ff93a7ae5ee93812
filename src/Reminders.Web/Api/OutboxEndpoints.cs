using System.Text.Json.Serialization;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Lists;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Web.Keys;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary><c>{"delivered": true, "reason": "Anna says she has it"}</c></summary>
internal sealed record SettleRequest(bool? Delivered, string? Reason);

/// <summary><c>{"reason": "Anna says she has nothing"}</c></summary>
internal sealed record ReasonRequest(string? Reason);

/// <summary><c>{"kind": "CONFIRM_2H", "reasonContains": "chat not found", "reason": "…"}</c></summary>
internal sealed record ReplayRequest(string? Kind, string? ReasonContains, string? Reason);

/// <summary><c>{"incident": 7, "dryRun": true, "reason": "…"}</c>: all in doubt that match, with an instant as <c>since</c> and
/// <c>until</c>.</summary>
/// <param name="Delivered">Of settling, and required there.</param>
internal sealed record HeldRequest(
    string? Channel,
    string? Kind,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    long? Incident,
    bool? Delivered,
    bool? DryRun,
    string? Reason
)
{
    public HeldFilter Filter => new(Channel, Kind, Since, Until, Incident);
}

/// <param name="Next">What to give as <c>after</c> for the next page; null on the last.</param>
internal sealed record HeldPage(IReadOnlyList<HeldMessage> Items, string? Next)
{
    /// <inheritdoc cref="ListPage{TItem}.LookedTo"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LookedTo { get; init; }
}

/// <summary>For operators: what waits for a person, and what they decide. Each decision is audited with its reason.</summary>
internal static class OutboxEndpoints
{
    public static void MapOutbox(this IEndpointRouteBuilder api)
    {
        var outbox = api.MapGroup("/outbox").WithTags("Outbox").RequireAuthorization(Policies.Operator);
        outbox.MapGet("", ListAsync).Describe(OutboxTexts.List).Produces<HeldPage>().WithProblems(400);
        outbox
            .MapPost("/replay", ReplayManyAsync)
            .Describe(OutboxTexts.ReplayMany)
            .Produces<ReplayedMessages>()
            .WithProblems(400, 413, 415, 422);

        outbox
            .MapPost("/resend", ResendManyAsync)
            .Describe(OutboxTexts.ResendMany)
            .Produces<HandledMessages>()
            .WithProblems(400, 404, 413, 415, 422);
        outbox
            .MapPost("/settle", SettleManyAsync)
            .Describe(OutboxTexts.SettleMany)
            .Produces<HandledMessages>()
            .WithProblems(400, 404, 413, 415, 422);

        var message = outbox.MapGroup("/{id}").WithReadableId(given => long.TryParse(given, out _), "form.message_number");
        message
            .MapPost("/settle", SettleAsync)
            .Describe(OutboxTexts.Settle)
            .Produces<OperatorResult>()
            .WithProblems(400, 404, 409, 413, 415, 422);
        message
            .MapPost("/resend", ResendAsync)
            .Describe(OutboxTexts.Resend)
            .Produces<OperatorResult>()
            .WithProblems(400, 404, 409, 413, 415, 422);
        message
            .MapPost("/replay", ReplayAsync)
            .Describe(OutboxTexts.Replay)
            .Produces<OperatorResult>()
            .WithProblems(400, 404, 409, 413, 415, 422);
    }

    private static async Task<IResult> ListAsync(
        HeldMessages held,
        MessageList list,
        Spoken spoken,
        CancellationToken stop,
        string? state = null,
        string? kind = null,
        string? after = null,
        string? size = null,
        string? channel = null,
        string? person = null,
        string? about = null,
        string? name = null,
        string? providerId = null,
        string? reason = null
    )
    {
        var errors = new FieldErrors();
        var wanted = OutboxQuery.State(state, errors);
        var asked = new ListRequest(wanted.ToColumn(), kind, channel, person, After: after, Size: size)
        {
            About = about,
            Name = name,
            ProviderId = providerId,
            Reason = reason,
        };
        if (errors.Count == 0 && HeldSearch.IsAsked(asked))
        {
            return (await HeldSearch.ReadAsync(list, held, asked, stop)).ToResult(found =>
                TypedResults.Ok(
                    new HeldPage([.. found.Items.Select(one => one.In(spoken.Words))], found.Next) { LookedTo = found.LookedTo }
                )
            );
        }

        var rows = OutboxQuery.Size(size, errors);
        var from = OutboxQuery.After(after, errors);
        if (errors.All.Count > 0)
        {
            return new WrongFieldsResult(errors.All);
        }

        var (page, next) = await held.ReadAsync(wanted, from, rows, stop);
        return TypedResults.Ok(
            new HeldPage([.. page.Select(one => one.In(spoken.Words))], next is { } cursor ? OutboxQuery.Write(cursor) : null)
        );
    }

    private static async Task<IResult> SettleAsync(
        long id,
        Body<SettleRequest> body,
        IMediator mediator,
        Spoken spoken,
        CancellationToken stop
    )
    {
        if (body.Refusal(given => OperatorDesk.Check(given.Reason)) is { } unreadable)
        {
            return unreadable;
        }

        if (body.Value!.Delivered is { } delivered)
        {
            return (await mediator.Send(new SettleHeld(id, delivered, body.Value.Reason), stop)).ToResult(done =>
                TypedResults.Ok(done.In(spoken.Words))
            );
        }

        var errors = new FieldErrors();
        errors.Add(OperatorDesk.Check(body.Value.Reason));
        errors.Add("delivered", "wrong.required", new Sentence("form.delivered"));
        return new WrongFieldsResult(errors.All);
    }

    private static async Task<IResult> ResendAsync(
        long id,
        Body<ReasonRequest> body,
        IMediator mediator,
        Spoken spoken,
        CancellationToken stop
    ) =>
        body.Refusal()
        ?? (await mediator.Send(new ResendHeld(id, body.Value!.Reason), stop)).ToResult(done => TypedResults.Ok(done.In(spoken.Words)));

    private static async Task<IResult> ReplayAsync(
        long id,
        Body<ReasonRequest> body,
        IMediator mediator,
        Spoken spoken,
        CancellationToken stop
    ) =>
        body.Refusal()
        ?? (await mediator.Send(new ReplayDead(id, body.Value!.Reason), stop)).ToResult(done => TypedResults.Ok(done.In(spoken.Words)));

    private static async Task<IResult> ResendManyAsync(Body<HeldRequest> body, IMediator mediator, Spoken spoken, CancellationToken stop) =>
        body.Refusal(given => OperatorDesk.Check(given.Reason))
        ?? (await mediator.Send(new ResendHeldMatching(body.Value!.Filter, body.Value.DryRun is true, body.Value.Reason), stop)).ToResult(
            done => TypedResults.Ok(done.In(spoken.Words))
        );

    private static async Task<IResult> SettleManyAsync(Body<HeldRequest> body, IMediator mediator, Spoken spoken, CancellationToken stop)
    {
        if (body.Refusal(given => OperatorDesk.Check(given.Reason)) is { } unreadable)
        {
            return unreadable;
        }

        if (body.Value!.Delivered is { } delivered)
        {
            return (
                await mediator.Send(
                    new SettleHeldMatching(body.Value.Filter, delivered, body.Value.DryRun is true, body.Value.Reason),
                    stop
                )
            ).ToResult(done => TypedResults.Ok(done.In(spoken.Words)));
        }

        var errors = body.Value.Filter.Check(body.Value.Reason);
        errors.Add("delivered", "wrong.required", new Sentence("form.delivered_many"));
        return new WrongFieldsResult(errors.All);
    }

    private static async Task<IResult> ReplayManyAsync(
        Body<ReplayRequest> body,
        IMediator mediator,
        Spoken spoken,
        CancellationToken stop
    ) =>
        body.Refusal()
        ?? (await mediator.Send(new ReplayDeadMatching(body.Value!.Kind, body.Value.ReasonContains, body.Value.Reason), stop)).ToResult(
            done => TypedResults.Ok(done.In(spoken.Words))
        );
}
