using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Reminders.Cli.Serving;

/// <summary>Around all else, the sign-in included: who asks, and by which scheme, is as the proxy says; and over TLS it stays
/// TLS.</summary>
internal sealed class FrontDoor(ForwardedHeadersOptions? forwarded) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            if (forwarded is not null)
            {
                app.UseForwardedHeaders(forwarded);
            }

            app.UseHsts();
            next(app);
        };
}
