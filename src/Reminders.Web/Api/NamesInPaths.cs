using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Reminders.Web.Api;

/// <summary>
/// Names of the caller's choosing, as one percent-encoded segment of a path, a slash included (<c>%2F</c>). Servers leave that
/// one as it came, so that <c>a%2Fb</c> and <c>a%252Fb</c>, which are two people, would be one: where a route value has it, the
/// segment is read anew from what was sent.
/// </summary>
internal static partial class NamesInPaths
{
    /// <summary>Before anything is bound; for every endpoint, so that a new one cannot forget it.</summary>
    public static TBuilder WithNamesInPaths<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
            {
                Restore(http);
                return next(http);
            };
        });
        return builder;
    }

    private static void Restore(HttpContext http)
    {
        var values = http.Request.RouteValues;
        foreach (var (name, value) in values.ToArray())
        {
            if (value is string routed && routed.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            {
                values[name] = Sent(http, routed);
            }
        }
    }

    private static string Sent(HttpContext http, string routed)
    {
        var path = (http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?')[0];
        return Uri.UnescapeDataString(path.Split('/').FirstOrDefault(segment => AsRouted(segment) == routed) ?? routed);
    }

    private static string AsRouted(string segment) => Uri.UnescapeDataString(Slash().Replace(segment, "%25$1"));

    [GeneratedRegex("%(2F)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Slash();
}
