using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Reminders.Web.Limits;

/// <summary>Which limits hold for which endpoints: filters of ours on endpoints of ours.</summary>
internal static class LimitRules
{
    /// <summary>What a request is about, when that is one thing whose row it will lock.</summary>
    private sealed record Subject(Func<EndpointFilterInvocationContext, string?> Of);

    public static IServiceCollection AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        var options = EngineServices.Bind<ApiOptions>(configuration, "Api");
        EngineServices.Require(options.Problems());
        services.AddSingleton(options);
        services.AddSingleton<CallerLimits>();
        services.AddSingleton<WorkLimits>();
        return services;
    }

    /// <summary>For endpoints that know their caller.</summary>
    public static TBuilder WithCallerLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(
            async (context, next) => Services(context).GetRequiredService<CallerLimits>().Ask(context.HttpContext) ?? await next(context)
        );

    /// <summary>For endpoints open to all: those who are refused again and again hear nothing else any more.</summary>
    public static TBuilder WithRefusalLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(
            async (context, next) =>
            {
                var answer = await next(context);
                return
                    answer is IStatusCodeHttpResult { StatusCode: 401 or 403 or 404 }
                    && Services(context).GetRequiredService<CallerLimits>().Refuse(context.HttpContext) is { } slower
                    ? slower
                    : answer;
            }
        );

    /// <summary>For endpoints that ask the database. The last filter: a request that is still being read must not hold a place.</summary>
    public static TBuilder WithWorkLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(
            (context, next) =>
                Services(context)
                    .GetRequiredService<WorkLimits>()
                    .RunAsync(
                        context.HttpContext,
                        context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<Subject>()?.Of(context),
                        () => next(context)
                    )
        );

    /// <summary>Says what the endpoint's requests are about.</summary>
    public static TBuilder About<TBuilder>(this TBuilder builder, Func<EndpointFilterInvocationContext, string?> subject)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Subject(subject));

    private static IServiceProvider Services(EndpointFilterInvocationContext context) => context.HttpContext.RequestServices;
}
