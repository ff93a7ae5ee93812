using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Web.Console.Acts;
using Reminders.Web.Keys;

namespace Reminders.Web.Console.Pages;

/// <param name="Typed">What was asked for; null the first time.</param>
/// <param name="Made">The key itself; it is shown once.</param>
/// <param name="Wrong">What is wrong with what was asked for.</param>
internal sealed record KeysShown(IReadOnlyList<ApiKeyInfo> Keys, KeyAsked Typed, string? Made, string? Wrong);

/// <summary>A key as it was asked for in the form.</summary>
internal sealed record KeyAsked(string Name, string Owner, IReadOnlyList<string> Scopes, string Recruiter, string Days)
{
    public static readonly KeyAsked Nothing = new("", "", [ApiScopes.Bookings], "", "");
}

/// <summary>The keys with which machines call the API.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        app.MapGet("/keys", (HttpContext http, ApiKeys keys) => ShowAsync(http, keys, KeyAsked.Nothing));
        app.MapPost("/keys/create", CreateAsync);
        app.MapMethods(
            "/keys/revoke",
            ActFlow.Verbs,
            (HttpContext http, ActFlow flow, AccessActs acts) => flow.RunAsync(http, () => acts.KeyAsync(http))
        );
    }

    private static async Task<IResult> CreateAsync(HttpContext http, ApiKeys keys, Caller caller, Visitor visitor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var recruiter = form["recruiter"].ToString().Trim();
        var asked = new KeyAsked(
            form["name"].ToString(),
            form["owner"].ToString(),
            recruiter.Length > 0 ? [ApiScopes.RecruitersBookings] : [.. form["scope"].OfType<string>()],
            recruiter,
            form["days"].ToString().Trim()
        );
        var days = 0;
        if (asked.Days.Length > 0 && !int.TryParse(asked.Days, NumberStyles.None, CultureInfo.InvariantCulture, out days))
        {
            return await ShowAsync(http, keys, asked, wrong: visitor.Words.DaysWrong);
        }

        var made = await keys.CreateAsync(
            new(
                asked.Name,
                asked.Scopes,
                asked.Owner.Trim() is { Length: > 0 } owner ? owner : null,
                asked.Days.Length == 0 ? null : TimeSpan.FromDays(days)
            )
            {
                Recruiter = recruiter.Length > 0 ? recruiter : null,
            },
            caller.Name,
            http.RequestAborted
        );
        return made is Outcome<NewApiKey>.Done done
            ? await ShowAsync(http, keys, KeyAsked.Nothing, done.Value.Key)
            : await ShowAsync(http, keys, asked, wrong: visitor.RefusalOf(made));
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        ApiKeys keys,
        KeyAsked asked,
        string? made = null,
        string? wrong = null
    ) =>
        http.Show<KeysPage, KeysShown>(
            http.Words().ApiKeys,
            "/keys",
            new(await keys.ListAsync(http.RequestAborted), asked, made, wrong),
            wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity
        );
}
