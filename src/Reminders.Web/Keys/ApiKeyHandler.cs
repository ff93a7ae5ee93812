using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Reminders.Web.Keys;

internal sealed class ApiKeyOptions : AuthenticationSchemeOptions;

/// <summary><c>Authorization: Bearer rk_…</c>. A refusal never says whether the key was unknown or revoked.</summary>
internal sealed class ApiKeyHandler(ApiKeys keys, IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<ApiKeyOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
            return AuthenticateResult.NoResult();
        if (header is not [{ } value] || !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.Fail("The Authorization header is not of the form 'Bearer KEY'.");
        if (await keys.FindAsync(value[Bearer.Length..].Trim(), Context.RequestAborted) is not { } key)
            return AuthenticateResult.Fail("The API key is unknown or revoked.");
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, key.Name), new(ClaimTypes.Role, key.Role.ToColumn())], Scheme);
        return AuthenticateResult.Success(new(new(identity), Scheme));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await BearerChallenge.SendAsync(Context, await HandleAuthenticateOnceSafeAsync(), "Send an API key: Authorization: Bearer rk_….");

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Results.Problem(
        statusCode: StatusCodes.Status403Forbidden,
        detail: "The API key is good, but its role may not do this: it needs the role operator.").ExecuteAsync(Context);
}
