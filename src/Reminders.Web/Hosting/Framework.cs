using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Hosting;

namespace Reminders.Web.Hosting;

/// <summary>What ASP.NET Core needs in a container to serve from it.</summary>
internal static class Framework
{
    /// <summary>What the web server gave the app's container, and the framework looks for in any.</summary>
    public static void AddFramework(this IServiceCollection services, IServiceProvider host)
    {
        services.AddRouting();
        AppServices.Lend<IWebHostEnvironment>(host, services);
        AppServices.Lend<IServer>(host, services);
        AppServices.Lend<System.Diagnostics.DiagnosticListener>(host, services);
        AppServices.Lend<System.Diagnostics.DiagnosticSource>(host, services);
        AppServices.Lend<System.Diagnostics.ActivitySource>(host, services);
        AppServices.Lend<System.Diagnostics.DistributedContextPropagator>(host, services);
    }

    /// <summary>Authentication would read a key ring at start, of its own beside the app's: before it is needed, and before there are
    /// tables.</summary>
    public static void WithoutKeyRing(this IServiceCollection services)
    {
        bool IsKeyRing(ServiceDescriptor service) =>
            service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.FullName?.StartsWith("Microsoft.AspNetCore.DataProtection.", StringComparison.Ordinal) == true;

        foreach (var service in services.Where(IsKeyRing).ToArray())
        {
            services.Remove(service);
        }
    }
}
