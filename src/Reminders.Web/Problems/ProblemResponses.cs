using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Reminders.Web.Problems;

/// <summary>Every error over HTTP is problem+json (RFC 9457), whoever decided it: a handler, routing, Kestrel or a bug.</summary>
internal static class ProblemResponses
{
    public static IServiceCollection AddProblemResponses(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<ExceptionsAsProblems>();
        // The framework does not log what a handler of ours has answered; a 500 that nobody can look up helps nobody. What a caller
        // can bring about as often as they ask is no error here, and a stack for each would be theirs to fill the disk with.
        services.Configure<ExceptionHandlerOptions>(options =>
            options.SuppressDiagnosticsCallback = context =>
                context.Exception is BadHttpRequestException || ExceptionsAsProblems.IsBound(context.Exception)
        );
        services.AddSingleton<IStartupFilter, Outermost>();
        // In Development the framework would throw for an unreadable route value, instead of answering 400.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        return services;
    }

    /// <summary>Around the whole pipeline, so that what routing refuses (404, 405, 415) is covered too.</summary>
    private sealed class Outermost : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.UseSecurityHeaders();
                app.UseExceptionHandler();
                app.UseStatusCodePages(status =>
                    IsForPeople(status.HttpContext.Request)
                        ? Task.CompletedTask
                        : Results.Problem(statusCode: status.HttpContext.Response.StatusCode).ExecuteAsync(status.HttpContext)
                );
                next(app);
            };
    }

    /// <summary>A browser that asks for a page gets the host's own, if it has one; machines always get JSON.</summary>
    private static bool IsForPeople(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api")
        && !request.Path.StartsWithSegments("/telegram")
        && request.GetTypedHeaders().Accept.Any(accepted => accepted.MatchesMediaType("text/html") && !accepted.MatchesAllTypes);
}
