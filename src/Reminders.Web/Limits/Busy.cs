using System.Globalization;
using Microsoft.AspNetCore.Http;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Limits;

/// <summary>"Not now": a problem with Retry-After.</summary>
internal static class Busy
{
    /// <summary>The request was not begun, so that it may simply be sent again.</summary>
    public static IResult ComeBack(HttpContext context, int status, TimeSpan wait, string code)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new ProblemResult(status, new("problem.come_back", new Sentence(code), seconds));
    }
}
