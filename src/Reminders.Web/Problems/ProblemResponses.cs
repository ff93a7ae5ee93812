using Microsoft.AspNetCore.Builder;
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
        // In Development the framework would throw for an unreadable route value, instead of answering 400.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        return services;
    }

    /// <summary>Around the rest, so that what routing refuses (404, 405, 415) is covered too.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler()
            .UseStatusCodePages(status => new ProblemResult(status.HttpContext.Response.StatusCode).ExecuteAsync(status.HttpContext));
}
