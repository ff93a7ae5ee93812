using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reminders.Storage;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Keys;

internal sealed class ApiKeyOptions : AuthenticationSchemeOptions;

/// <summary><c>Authorization: Bearer rk_…</c>. A refusal never says whether the key was unknown, expired or revoked.</summary>
internal sealed class ApiKeyHandler(
    ApiKeys keys,
    Database dataSource,
    IOptionsMonitor<ApiKeyOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<ApiKeyOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (header is not [{ } value] || !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.Fail(new NotLetInException("problem.no_bearer"));
        }

        if (await keys.FindAsync(value[Bearer.Length..].Trim(), Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail(new NotLetInException("problem.bad_key"));
        }

        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.Name, key.Name),
                new(Policies.Owner, key.Owner),
                .. key.RecruiterId is { } recruiter ? [new Claim(Policies.RecruiterId, $"{recruiter}")] : Array.Empty<Claim>(),
                .. key.Scopes.Select(scope => new Claim(Policies.Scope, scope)),
            ],
            Scheme
        );
        return AuthenticateResult.Success(new(new(identity), Scheme));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await BearerChallenge.SendAsync(Context, await HandleAuthenticateOnceSafeAsync(), "problem.send_key");

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var endpoint = Context.GetEndpoint();
        var missing = string.Join(
            ", ",
            Policies.ScopesOf(endpoint?.Metadata ?? []).Where(scope => !Context.User.HasClaim(Policies.Scope, scope))
        );
        if (!HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method))
        {
            await AuditAsync((endpoint as RouteEndpoint)?.RoutePattern.RawText, missing);
        }

        await new ProblemResult(StatusCodes.Status403Forbidden, new("problem.lacks_scope", missing)).ExecuteAsync(Context);
    }

    /// <summary>By the route and not by the path, which may name a person.</summary>
    private async Task AuditAsync(string? route, string missing)
    {
        await using var insert = dataSource
            .CreateCommand(
                """
                INSERT INTO reminders.audit (actor, action, about, reason, refused) VALUES ($1, 'api.forbidden', $2, $3, true)
                """
            )
            .With($"api:{Context.User.Identity?.Name}", $"{Request.Method} {route}", Reasons.Of("lacks_scope", missing));
        await insert.ExecuteNonQueryAsync(Context.RequestAborted);
    }
}
