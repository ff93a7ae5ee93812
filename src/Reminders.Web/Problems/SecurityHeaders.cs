using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Reminders.Web.Problems;

/// <summary>Marks the endpoints that are the engine's: a host's own keep their own headers.</summary>
internal sealed record OwnEndpoint;

/// <summary>
/// What browsers are told about each answer of ours: take it for what it says it is, run nothing in it, frame it nowhere, tell
/// nobody where it was and keep no copy.
/// </summary>
internal static class SecurityHeaders
{
    private const string NothingAtAll = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    // The pages here are one file each: their own style, and a button that posts back.
    private const string OwnPage =
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>When the answer begins, since by then it is known whose it is, whoever decided it.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    if (IsOurs(context))
                    {
                        Write(context.Response);
                    }

                    return Task.CompletedTask;
                });
                return next(context);
            }
        );

    private static void Write(HttpResponse response)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy =
                response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true ? OwnPage : NothingAtAll;
        }

        if (!headers.ContainsKey(HeaderNames.CacheControl))
        {
            headers.CacheControl = "no-store";
        }
    }

    // A path that leads nowhere has no endpoint, and an exception takes it away.
    private static bool IsOurs(HttpContext context) =>
        (context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerPathFeature>()?.Endpoint) is { } endpoint
            ? endpoint.Metadata.GetMetadata<OwnEndpoint>() is not null
            : context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/telegram");
}
