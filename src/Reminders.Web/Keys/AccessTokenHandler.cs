using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reminders.Inbox;

namespace Reminders.Web.Keys;

internal sealed class AccessTokenOptions : AuthenticationSchemeOptions;

/// <summary>
/// Marks the endpoint that a browser's WebSocket opens, which cannot send an Authorization header: it takes a ticket from
/// <c>?token=rw_…</c>, or a token as subprotocol, <c>Sec-WebSocket-Protocol: bearer, rt_…</c>.
/// </summary>
internal sealed record OpensSocket
{
    public const string Protocol = "bearer";
}

/// <summary><c>Authorization: Bearer rt_…</c>. A refusal never says whether the token was unknown, expired or revoked.</summary>
internal sealed class AccessTokenHandler(
    AccessTokens tokens,
    SocketTickets tickets,
    InboxOptions inbox,
    IOptionsMonitor<AccessTokenOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<AccessTokenOptions>(options, logger, encoder)
{
    public new const string Scheme = "AccessToken";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Given() is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        if (await FindAsync(token) is not { } found)
        {
            return AuthenticateResult.Fail(new NotLetInException("problem.bad_token"));
        }

        var (grant, hash) = found;
        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.Name, grant.Reference),
                new(ClaimTypes.NameIdentifier, grant.RecipientId.ToString(CultureInfo.InvariantCulture)),
                new(ClaimTypes.Hash, Convert.ToHexString(hash)),
            ],
            Scheme
        );
        return AuthenticateResult.Success(new(new(identity), Scheme));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await BearerChallenge.SendAsync(
            Context,
            await HandleAuthenticateOnceSafeAsync(),
            OpensASocket ? "problem.send_ticket" : "problem.send_token"
        );

    private string? Given()
    {
        var header = Request.Headers.Authorization;
        if (header is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return value[Bearer.Length..].Trim();
        }

        if (header.Count > 0)
        {
            return "";
        }

        if (!OpensASocket)
        {
            return null;
        }

        if (Context.WebSockets.WebSocketRequestedProtocols is [OpensSocket.Protocol, var offered])
        {
            return offered;
        }

        return
            Request.Query["token"] is [{ } token]
            && (inbox.TokenInAddress || token.StartsWith(SocketTickets.Prefix, StringComparison.Ordinal))
            ? token
            : null;
    }

    private bool OpensASocket => Context.GetEndpoint()?.Metadata.GetMetadata<OpensSocket>() is not null;

    private async Task<(AccessGrant Grant, byte[] TokenHash)?> FindAsync(string token)
    {
        if (OpensASocket && token.StartsWith(SocketTickets.Prefix, StringComparison.Ordinal))
        {
            return await tickets.TakeAsync(token, Context.RequestAborted);
        }

        return await tokens.FindAsync(token, Context.RequestAborted) is { } grant ? (grant, RandomSecret.Hash(token)) : null;
    }
}

internal static class AccessTokenClaims
{
    /// <summary>Whose inbox it is.</summary>
    public static long RecipientId(this ClaimsPrincipal user) =>
        long.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);

    /// <summary>Of the token they came with; null for somebody whom the app signed in.</summary>
    public static byte[]? TokenHash(this ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.Hash) is { } hash ? Convert.FromHexString(hash) : null;
}
