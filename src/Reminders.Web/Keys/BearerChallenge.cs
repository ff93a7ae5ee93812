using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Reminders.Web.Limits;

namespace Reminders.Web.Keys;

/// <summary>The 401 of whoever has no bearer token, or not a good one (RFC 6750).</summary>
internal static class BearerChallenge
{
    /// <param name="result">Of the authentication: its failure says what is wrong with what was sent.</param>
    /// <param name="hint">What to send, where nothing was.</param>
    public static Task SendAsync(HttpContext context, AuthenticateResult result, string hint)
    {
        if (result.Failure is not null && context.RequestServices.GetRequiredService<CallerLimits>().Refuse(context) is { } slower)
        {
            return slower.ExecuteAsync(context);
        }

        context.Response.Headers[HeaderNames.WWWAuthenticate] = result.Failure is null
            ? "Bearer realm=\"reminders\""
            : "Bearer realm=\"reminders\", error=\"invalid_token\"";
        return Results
            .Problem(statusCode: StatusCodes.Status401Unauthorized, detail: result.Failure?.Message ?? hint)
            .ExecuteAsync(context);
    }
}
