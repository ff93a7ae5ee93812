using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Reminders.Web.Keys;

internal sealed class AccessTokenOptions : AuthenticationSchemeOptions;

/// <summary>Marks the endpoint that takes its token from <c>?token=</c>: a browser's WebSocket cannot send a header.</summary>
internal sealed record TokenInQuery;

/// <summary><c>Authorization: Bearer rt_…</c>. A refusal never says whether the token was unknown, expired or revoked.</summary>
internal sealed class AccessTokenHandler(AccessTokens tokens, IOptionsMonitor<AccessTokenOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AccessTokenOptions>(options, logger, encoder)
{
    public new const string Scheme = "AccessToken";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Given() is not { } token)
            return AuthenticateResult.NoResult();
        if (await tokens.FindAsync(token, Context.RequestAborted) is not { } grant)
            return AuthenticateResult.Fail("The access token is unknown, expired or revoked.");
        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.Name, grant.Reference),
                new(ClaimTypes.NameIdentifier, grant.RecipientId.ToString(CultureInfo.InvariantCulture)),
                new(ClaimTypes.Hash, Convert.ToHexString(RandomSecret.Hash(token))),
            ], Scheme);
        return AuthenticateResult.Success(new(new(identity), Scheme));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await BearerChallenge.SendAsync(Context, await HandleAuthenticateOnceSafeAsync(), "Send the person's access token: Authorization: Bearer rt_….");

    private string? Given()
    {
        var header = Request.Headers.Authorization;
        if (header is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return value[Bearer.Length..].Trim();
        if (header.Count > 0)
            return "";
        return Context.GetEndpoint()?.Metadata.GetMetadata<TokenInQuery>() is null ? null : Request.Query["token"] is [{ } token] ? token : null;
    }
}

internal static class AccessTokenClaims
{
    /// <summary>Whose inbox it is.</summary>
    public static long RecipientId(this ClaimsPrincipal user) =>
        long.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);

    public static byte[] TokenHash(this ClaimsPrincipal user) => Convert.FromHexString(user.FindFirstValue(ClaimTypes.Hash)!);
}
