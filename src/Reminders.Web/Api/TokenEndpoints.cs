using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Web.Keys;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary><c>{"recipient": "crm-4711", "expiresIn": 3600}</c></summary>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record TokenRequest(string? Recipient, int? ExpiresIn);

/// <summary><c>{"recipient": "crm-4711"}</c></summary>
internal sealed record RevokeRequest(string? Recipient);

/// <summary>For the app that knows its people: tokens for them to read their inbox with.</summary>
internal static class TokenEndpoints
{
    private static readonly EndpointText Issue = new(
        "IssueToken",
        "Let a person read their inbox",
        """
        Example: `{"recipient": "crm-4711", "expiresIn": 3600}`. `recipient` is your own reference of them; `expiresIn` is in seconds,
        12 hours by default and at most 30 days. The token is shown once and opens that person's inbox and live connection, nothing
        else. An Idempotency-Key has no effect here: a token that could be shown again would have to be kept.
        """
    );

    private static readonly EndpointText Revoke = new(
        "RevokeTokens",
        "End every token of a person",
        """
        Example: `{"recipient": "crm-4711"}`. They are refused from now on, and live connections close with 4401 within seconds.
        """
    );

    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization(Policies.Tokens);
        tokens.MapPost("", IssueAsync).Describe(Issue).Produces<NewAccessToken>().WithProblems(400, 404, 409, 413, 415);
        tokens.MapPost("/revoke", RevokeAsync).Describe(Revoke).Produces<RevokedTokens>().WithProblems(400, 409, 413, 415);
    }

    private static async Task<IResult> IssueAsync(
        Body<TokenRequest> body,
        AccessTokens tokens,
        OwnedNames names,
        Caller caller,
        HttpResponse response,
        CancellationToken stop
    )
    {
        if (body.Refusal(given => AccessTokens.Check(given.Recipient, given.ExpiresIn)) is { } unreadable)
        {
            return unreadable;
        }

        response.Headers.CacheControl = "no-store";
        return (await tokens.IssueAsync(body.Value!.Recipient, body.Value.ExpiresIn, names, caller.Name, stop)).ToResult();
    }

    private static async Task<IResult> RevokeAsync(
        Body<RevokeRequest> body,
        AccessTokens tokens,
        OwnedNames names,
        Caller caller,
        CancellationToken stop
    )
    {
        if (body.Refusal(given => AccessTokens.Check(given.Recipient, expiresIn: null)) is { } unreadable)
        {
            return unreadable;
        }

        return AccessTokens.Check(body.Value!.Recipient, expiresIn: null) is { Count: > 0 } errors
            ? new WrongFieldsResult(errors)
            : (await tokens.RevokeAsync(body.Value.Recipient!, names, caller.Name, stop)).ToResult();
    }
}
