using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Hosting;

namespace Reminders.Web.Hosting;

/// <summary>
/// What a request goes through below the engine's prefix: routing, sign-in, limits, problem details, all of the engine's own
/// container. The app's pipeline has one endpoint more, and nothing else of this.
/// </summary>
internal sealed class OwnPipeline
{
    private readonly RemindersEngine _engine;
    private readonly Lazy<RequestDelegate> _pipeline;
    private readonly ConcurrentDictionary<Endpoint, Endpoint> _seen = [];

    /// <param name="around">What is around the rest: headers, and what becomes of an error.</param>
    public OwnPipeline(RemindersEngine engine, Action<IApplicationBuilder> around, Action<IEndpointRouteBuilder> map)
    {
        _engine = engine;
        _pipeline = new(() =>
        {
            var app = new ApplicationBuilder(engine.Services);
            around(app);
            app.UseRouting();
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseEndpoints(map);
            return app.Build();
        });
    }

    /// <summary>Builds it when the node starts: what is wrong with an endpoint is not to wait for the first request.</summary>
    public IHostedService BuiltAtStart() => new AtStart(this);

    public async Task RunAsync(HttpContext context)
    {
        await using var scope = _engine.Services.CreateAsyncScope();
        var outer = context.GetEndpoint() as RouteEndpoint;
        var aside = AppRequest.PutAside(context, scope.ServiceProvider, (outer?.RoutePattern.PathSegments.Count ?? 1) - 1);
        Endpoint? reached = null;
        try
        {
            await _pipeline.Value(context);
            reached = context.GetEndpoint();
        }
        finally
        {
            aside.GiveBack(outer is not null && reached is RouteEndpoint inner ? _seen.GetOrAdd(inner, _ => Seen(outer, inner)) : null);
        }
    }

    /// <summary>The app's endpoint under the name of the route that was taken: without it, metrics would know of one route only.</summary>
    private static RouteEndpoint Seen(RouteEndpoint outer, RouteEndpoint inner)
    {
        var prefix = string.Concat(outer.RoutePattern.PathSegments.SkipLast(1).Select(segment => $"/{Text(segment)}"));
        var route = $"{prefix}/{inner.RoutePattern.RawText?.TrimStart('/')}";
        return new(
            outer.RequestDelegate!,
            RoutePatternFactory.Parse(route),
            outer.Order,
            new([
                .. outer.Metadata.Where(item => item is not Microsoft.AspNetCore.Http.Metadata.IRouteDiagnosticsMetadata),
                new Route(route),
            ]),
            inner.DisplayName
        );
    }

    private static string Text(RoutePatternPathSegment segment) =>
        string.Concat(
            segment.Parts.Select(part =>
                part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
                    RoutePatternSeparatorPart separator => separator.Content,
                    _ => "",
                }
            )
        );

    private sealed class AtStart(OwnPipeline pipeline) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = pipeline._pipeline.Value;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed record Route(string Text) : Microsoft.AspNetCore.Http.Metadata.IRouteDiagnosticsMetadata
    {
        string Microsoft.AspNetCore.Http.Metadata.IRouteDiagnosticsMetadata.Route => Text;
    }
}
