using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Web.Console.Texts;

namespace Reminders.Web.Console;

/// <summary>Language and colours, kept in this browser.</summary>
internal static class LookEndpoints
{
    public static void MapLook(this IEndpointRouteBuilder app) =>
        app.MapPost(
            "/look",
            async (HttpContext http) =>
            {
                var form = await http.Request.ReadFormAsync(http.RequestAborted);
                Keep(Visitor.LanguageCookie, form["language"], ConsoleWords.Languages);
                Keep(Visitor.ThemeCookie, form["theme"], Visitor.Themes);
                var to = form["to"].ToString();
                return http.SeeOther(to.StartsWith('/') && !to.StartsWith("//", StringComparison.Ordinal) && to.Length <= 500 ? to : "/");

                void Keep(string cookie, string? value, string[] known)
                {
                    if (known.Contains(value))
                    {
                        http.Response.Cookies.Append(
                            cookie,
                            value!,
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
            }
        );
}
