using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Web.Console.Texts;

namespace Reminders.Web.Console;

/// <summary>Language, colours and time zone, kept in this browser.</summary>
internal static class LookEndpoints
{
    public static void MapLook(this IEndpointRouteBuilder app) => app.MapPost("/look", (Delegate)KeepAsync);

    private static async Task<IResult> KeepAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        Keep(http, Visitor.LanguageCookie, form["language"], ConsoleWords.Languages.Contains);
        Keep(http, Visitor.ThemeCookie, form["theme"], Visitor.Themes.Contains);
        Keep(http, Visitor.ZoneCookie, form["zone"], zone => Visitor.ZoneOf(zone) is not null);
        return http.SeeOther(ConsolePages.OwnPath(form["to"]));
    }

    private static void Keep(HttpContext http, string cookie, string? value, Func<string, bool> isKnown)
    {
        // What nobody knows leaves what was kept as it is.
        if (value is not { Length: > 0 and <= 64 } || !isKnown(value))
        {
            return;
        }

        http.Response.Cookies.Append(
            cookie,
            value,
            new()
            {
                Path = http.Request.PathBase.HasValue ? http.Request.PathBase.Value : "/",
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                HttpOnly = true,
                Secure = http.Request.IsHttps,
            }
        );
    }
}
