using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Reminders.Web.Limits;

/// <summary>"Not now": a problem with Retry-After.</summary>
internal static class Busy
{
    /// <summary>The request was not begun, so that it may simply be sent again.</summary>
    public static IResult ComeBack(HttpContext context, int status, TimeSpan wait, string problem)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(
            statusCode: status,
            detail: string.Create(CultureInfo.InvariantCulture, $"{problem}. Nothing was done; try again in {seconds} s.")
        );
    }
}
