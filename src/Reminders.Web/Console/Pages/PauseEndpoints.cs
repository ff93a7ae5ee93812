using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Web.Console.Acts;

namespace Reminders.Web.Console.Pages;

/// <summary>Stopping a channel or a kind by hand, and letting it go on.</summary>
internal static class PauseEndpoints
{
    public static void MapPauses(this IEndpointRouteBuilder app)
    {
        app.MapMethods(
            "/channels/{name}/{act}",
            ActFlow.Verbs,
            (string name, string act, HttpContext http, ActFlow flow, PauseActs of) =>
                flow.RunAsync(http, () => Task.FromResult(of.Channel(http, name, act)))
        );
        app.MapMethods(
            "/kinds/{name}/{act}",
            ActFlow.Verbs,
            (string name, string act, HttpContext http, ActFlow flow, PauseActs of) =>
                flow.RunAsync(http, () => Task.FromResult(of.Kind(http, name, act)))
        );
    }
}
