using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Reminders.Web.Limits;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Keys;

/// <summary>Why somebody is not let in.</summary>
/// <param name="code">By which every language has words for it.</param>
internal sealed class NotLetInException(string code) : Exception(Wording.English.Of(new(code)))
{
    public string Code => code;
}

/// <summary>The 401 of whoever has no bearer token, or not a good one (RFC 6750).</summary>
internal static class BearerChallenge
{
    /// <param name="result">Of the authentication: its failure says what is wrong with what was sent.</param>
    /// <param name="hint">The code of what to send, where nothing was.</param>
    public static Task SendAsync(HttpContext context, AuthenticateResult result, string hint)
    {
        if (result.Failure is not null && context.RequestServices.GetRequiredService<CallerLimits>().Refuse(context) is { } slower)
        {
            return slower.ExecuteAsync(context);
        }

        context.Response.Headers[HeaderNames.WWWAuthenticate] = result.Failure is null
            ? "Bearer realm=\"reminders\""
            : "Bearer realm=\"reminders\", error=\"invalid_token\"";
        Sentence said = result.Failure switch
        {
            NotLetInException refused => new(refused.Code),
            { Message: var message } => new("reason.said", message),
            null => new(hint),
        };
        return new ProblemResult(StatusCodes.Status401Unauthorized, said).ExecuteAsync(context);
    }
}
