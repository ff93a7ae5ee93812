using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Hosting;
using Reminders.Web.Hosting;

namespace Reminders.Web.Console;

/// <summary>The console: what recruiters and operators look at.</summary>
public static class RemindersConsole
{
    /// <summary>Where it is, unless the app says where.</summary>
    public const string DefaultPrefix = "/console";

    /// <summary>
    /// Maps the console below the prefix and nowhere else: pages of the server's that work without a script, their own style and script,
    /// and a live stream.
    /// </summary>
    /// <param name="prefix">Such as <c>/ops/reminders</c>.</param>
    /// <param name="configure">Who may come in: <see cref="ConsoleMapping.Person"/> or <see cref="ConsoleMapping.OwnAccounts"/>.</param>
    /// <param name="installation">Which one, where the app has several; each has a prefix of its own. Default: the one without a
    /// name.</param>
    /// <returns>For what the app wants of all of it: <c>RequireAuthorization</c>, <c>RequireHost</c>.</returns>
    /// <exception cref="InvalidOperationException">AddReminders was not called, or it would be open to nobody.</exception>
    public static IEndpointConventionBuilder MapRemindersConsole(
        this IEndpointRouteBuilder app,
        string prefix,
        Action<ConsoleMapping> configure,
        string? installation = null
    )
    {
        var host = app.ServiceProvider;
        var engine = host.RequireEngine(installation, nameof(MapRemindersConsole));
        var mapping = new ConsoleMapping();
        configure(mapping);
        mapping.Check();
        var own = new OwnPipeline(engine, ConsolePipeline.Around, ConsolePages.MapAll);
        engine.Extend(nameof(MapRemindersConsole), services => services.AddConsole(host, mapping, own, engine.Installation));
        var endpoint = app.Map($"{prefix.TrimEnd('/')}/{{**rest}}", own.RunAsync)
            .WithDisplayName(engine.Installation.In("Reminders console", " "))
            .ExcludeFromDescription();
        if (mapping.OwnAccounts)
        {
            // It asks by itself: a fallback policy of the app's would ask it of the page where one signs in.
            endpoint.WithMetadata(new AllowAnonymousAttribute());
        }

        return endpoint;
    }
}
