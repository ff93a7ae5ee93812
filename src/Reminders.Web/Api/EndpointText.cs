using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Reminders.Web.Api;

/// <summary>What a person who reads the API's description is told about an endpoint.</summary>
internal sealed record EndpointText(string Name, string Summary, string Description)
{
    /// <summary>
    /// Stands in an example for an instant a month ahead, and the day after it: an example can be sent as it is, whenever it
    /// is read.
    /// </summary>
    public const string InAMonth = "<in a month>",
        ADayLater = "<a day later>";

    /// <summary>The description with instants that lie ahead of <paramref name="now"/>.</summary>
    public static string WithInstants(string description, DateTimeOffset now)
    {
        var start = new DateTimeOffset(DateOnly.FromDateTime(now.UtcDateTime).AddDays(30), new TimeOnly(15, 0), TimeSpan.FromHours(3));
        return description
            .Replace(InAMonth, Show(start), StringComparison.Ordinal)
            .Replace(ADayLater, Show(start.AddDays(1)), StringComparison.Ordinal);

        static string Show(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }
}

internal static class EndpointTexts
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, EndpointText text) =>
        endpoint.WithName(text.Name).WithSummary(text.Summary).WithDescription(text.Description);
}
