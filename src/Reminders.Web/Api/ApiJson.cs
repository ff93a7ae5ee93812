using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Reminders.Web.Api;

/// <summary>
/// How the API reads and writes JSON: numbers are numbers and instants have an offset. Both are the framework's laxer ways made
/// strict, because "2027-01-01T10:00" read as the server's own zone is a reminder at the wrong hour.
/// </summary>
internal static class ApiJson
{
    public static IServiceCollection AddApiJson(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.Converters.Add(new StrictInstantConverter());
        });
}
