using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Channels;
using Reminders.People;
using Reminders.Web.Keys;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary><c>{"members": ["user-7", "user-8"]}</c></summary>
internal sealed record GroupRequest(IReadOnlyList<string>? Members);

/// <summary>People and groups, as the app that knows them keeps them.</summary>
internal static class RecipientEndpoints
{
    public static void MapRecipients(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("").WithTags("Recipients").WithMetadata(RawBody.Bulk).RequireAuthorization(Policies.Recipients);
        people.MapPut("/recipients", KeepAsync).Describe(NotificationTexts.Keep).Produces<RecipientsKept>().WithProblems(400, 413, 415);
        people
            .MapGet("/recipients/{reference}", ShowAsync)
            .Describe(NotificationTexts.Show)
            .Produces<RecipientView>()
            .WithProblems(404, 409);
        people
            .MapGet("/recipients/{reference}/export", ExportAsync)
            .Describe(PeopleTexts.Export)
            .Produces<JsonElement>()
            .WithProblems(400, 404, 409);
        people
            .MapPost("/recipients/{reference}/erase", EraseAsync)
            .Describe(PeopleTexts.Erase)
            .Produces<PersonErased>()
            .WithProblems(400, 404, 409, 413, 415, 422);
        people
            .MapDelete("/recipients/{reference}/addresses/{channel}", UnbindAsync)
            .Describe(NotificationTexts.Unbind)
            .Produces<StartCodeView>()
            .WithProblems(400, 404, 409, 422);
        people
            .MapPost("/recipients/{reference}/start-code", RenewAsync)
            .Describe(NotificationTexts.Renew)
            .Produces<StartCodeView>()
            .WithProblems(400, 404, 409, 422);
        people.MapPut("/groups/{name}", KeepGroupAsync).Describe(NotificationTexts.Group).Produces<GroupView>().WithProblems(400, 413, 415);
    }

    private static async Task<IResult> KeepAsync(
        Body<KeepRecipients> body,
        IMediator mediator,
        ChannelCatalog channels,
        CancellationToken stop
    ) => body.Refusal(given => RecipientRules.Check(given.Recipients, channels)) ?? (await mediator.Send(body.Value!, stop)).ToResult();

    private static async Task<IResult> ShowAsync(string reference, RecipientDirectory people, Spoken spoken, CancellationToken stop) =>
        (await people.FindAsync(reference, stop)).ToResult(found => TypedResults.Ok(found.In(spoken.Words)));

    private static async Task<IResult> ExportAsync(string reference, IMediator mediator, HttpResponse response, CancellationToken stop)
    {
        response.Headers.CacheControl = "no-store";
        return (await mediator.Send(new ExportPerson(reference), stop)).ToResult();
    }

    private static async Task<IResult> EraseAsync(string reference, Body<ReasonRequest> body, IMediator mediator, CancellationToken stop) =>
        body.Refusal() ?? (await mediator.Send(new ErasePerson(reference, body.Value!.Reason), stop)).ToResult();

    private static async Task<IResult> UnbindAsync(
        string reference,
        string channel,
        IMediator mediator,
        CancellationToken stop,
        string? reason = null
    ) => (await mediator.Send(new UnbindAddress(reference, channel, reason), stop)).ToResult();

    private static async Task<IResult> RenewAsync(
        string reference,
        IMediator mediator,
        CancellationToken stop,
        string? reason = null,
        string channel = ChannelNames.Chat
    ) => (await mediator.Send(new RenewStartCode(reference, reason, channel), stop)).ToResult();

    private static async Task<IResult> KeepGroupAsync(string name, Body<GroupRequest> body, IMediator mediator, CancellationToken stop) =>
        body.Refusal() ?? (await mediator.Send(new KeepGroup(name, body.Value!.Members), stop)).ToResult();
}
