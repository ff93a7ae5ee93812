using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Reminders.Web.Api;

/// <summary>What a person who reads the API's description is told about an endpoint.</summary>
internal sealed record EndpointText(string Name, string Summary, string Description);

internal static class EndpointTexts
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, EndpointText text) =>
        endpoint.WithName(text.Name).WithSummary(text.Summary).WithDescription(text.Description);
}
