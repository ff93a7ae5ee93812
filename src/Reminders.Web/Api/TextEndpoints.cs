using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Texts;
using Reminders.Web.Keys;

namespace Reminders.Web.Api;

internal sealed record TextList(IReadOnlyList<TextsShown> Items);

internal sealed record TextVersionList(IReadOnlyList<TextVersion> Items);

/// <param name="Declared">Names of texts that are as the kind declares them again.</param>
internal sealed record TextsRequest(
    string? Locale,
    IReadOnlyDictionary<string, string>? Texts,
    IReadOnlyList<string>? Declared,
    string? Reason,
    int? IfVersion
)
{
    public IReadOnlyDictionary<string, string?> All()
    {
        var all = (Texts ?? new Dictionary<string, string>()).ToDictionary(
            text => text.Key,
            string? (text) => text.Value,
            StringComparer.Ordinal
        );
        foreach (var name in Declared ?? [])
        {
            all[name] = null;
        }

        return all;
    }
}

internal sealed record TextPreviewRequest(string? Locale, IReadOnlyDictionary<string, string>? Texts)
{
    public IReadOnlyDictionary<string, string?> All() => new TextsRequest(Locale, Texts, null, null, null).All();
}

internal sealed record TextsBackRequest(string? Locale, int? Version, string? Reason);

/// <summary>For operators: the kinds' texts, tried and changed while nodes run. Each change is audited with its reason.</summary>
internal static class TextEndpoints
{
    public static void MapTexts(this IEndpointRouteBuilder api)
    {
        var texts = api.MapGroup("/kinds/{name}/texts").WithTags("Texts").RequireAuthorization(Policies.Operator);
        texts.MapGet("", ListAsync).Describe(TextWords.List).Produces<TextList>().WithProblems(404);
        texts.MapGet("/history", HistoryAsync).Describe(TextWords.History).Produces<TextVersionList>().WithProblems(400);
        texts.MapPost("", SetAsync).Describe(TextWords.Set).Produces<TextsShown>().WithProblems(400, 404, 409, 413, 415, 422);
        texts.MapPost("/preview", PreviewAsync).Describe(TextWords.Preview).Produces<TextsShown>().WithProblems(400, 404, 413, 415, 422);
        texts.MapPost("/back", BackAsync).Describe(TextWords.Back).Produces<TextsShown>().WithProblems(400, 404, 409, 413, 415, 422);
    }

    private static async Task<IResult> ListAsync(string name, TextDesk desk, CancellationToken stop) =>
        await desk.LookAsync(name, null, stop) is { } found ? TypedResults.Ok(new TextList(found)) : TextDesk.Unknown(name).ToResult();

    private static async Task<IResult> HistoryAsync(string name, string? locale, TextDesk desk, CancellationToken stop) =>
        (await desk.HistoryAsync(name, locale ?? "", stop)).ToResult(versions => TypedResults.Ok(new TextVersionList(versions)));

    private static async Task<IResult> SetAsync(string name, Body<TextsRequest> body, IMediator mediator, CancellationToken stop) =>
        body.Refusal(given => TextDesk.Check(name, given.Locale ?? "", given.All()).All)
        ?? (
            await mediator.Send(
                new SetTexts(name, body.Value!.Locale ?? "", body.Value.All(), body.Value.Reason, body.Value.IfVersion),
                stop
            )
        ).ToResult();

    private static async Task<IResult> PreviewAsync(
        string name,
        Body<TextPreviewRequest> body,
        IMediator mediator,
        CancellationToken stop
    ) =>
        body.Refusal(given => TextDesk.Check(name, given.Locale ?? "", given.All()).All)
        ?? (await mediator.Send(new PreviewTexts(name, body.Value!.Locale ?? "", body.Value.All()), stop)).ToResult();

    private static async Task<IResult> BackAsync(string name, Body<TextsBackRequest> body, IMediator mediator, CancellationToken stop) =>
        body.Refusal()
        ?? (
            await mediator.Send(new TakeTextsBack(name, body.Value!.Locale ?? "", body.Value.Version ?? -1, body.Value.Reason), stop)
        ).ToResult();
}
