using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Cli.Serving;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Web;

namespace Reminders.Cli.Commands;

/// <summary>Runs one node until it is told to stop. More nodes are more of these on the same database.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "Where the API listens; port 0 takes any free one.",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    private static readonly Option<string?> Node = new("--node")
    {
        Description = "What operators call this node. Default: the host's name.",
    };

    public static Command Create()
    {
        var command = new Command(Name, "Run one node of the service.") { Urls, Node, ParentWatch.Option };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(parsed.GetValue(Urls)!, parsed.GetValue(Node), parsed.GetValue(ParentWatch.Option), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(string urls, string? node, bool withParent, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddReminders();
        if (node is not null)
        {
            builder.Configuration.AddInMemoryCollection([new("NodeName", node)]);
        }
        // Every statement, firing and request is an Information to these; an operator who wants them says so in Logging.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // While the database is away, each of these says so for each of its tries, with a stack. Ours is the one line that counts;
        // here alone, where the whole process is the node: in somebody's app these categories are also theirs.
        Outages? outages = null;
        foreach (
            var chatty in (string[])["Npgsql", "Quartz", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.Diagnostics.HealthChecks"]
        )
        {
            builder.Logging.AddFilter(chatty, level => level >= LogLevel.Warning && outages?.IsDatabaseAway is not true);
        }
        // And its job store may be the first to notice. What it warns of it tries again by itself; what it cannot do is an Error.
        builder.Logging.AddFilter("Quartz.Impl.AdoJobStore", level => level >= LogLevel.Error && outages?.IsDatabaseAway is not true);
        builder.Logging.AddPlainLines(builder.Configuration);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.WebHost.UseUrls(urls);
        if (RemindersServices.Bind<TlsOptions>(builder.Configuration, "Tls").Read(urls, TimeProvider.System.GetUtcNow()) is { } https)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https));
        }
        var proxies = RemindersServices.Bind<ProxyOptions>(builder.Configuration, "Proxies");
        builder.Services.AddSingleton<IStartupFilter>(new FrontDoor(proxies.Read()));
        builder.Services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        // What is in flight is waited for: a send timeout, and a little.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddReminders(builder.Configuration, AllChannels.Add);
        builder.Services.AddRemindersWeb(builder.Configuration);
        builder.Services.AddSingleton<Announcer>();
        var drain = RemindersServices.Bind<ServeOptions>(builder.Configuration, "Serve").ReadDrain();
        builder.Services.AddSingleton<IHostLifetime>(services => ActivatorUtilities.CreateInstance<DrainingLifetime>(services, [drain]));
        builder.Services.AddHealthChecks().AddCheck<DrainCheck>("drain");

        await using var app = builder.Build();
        outages = app.Services.GetRequiredService<Outages>();
        var announcer = app.Services.GetRequiredService<Announcer>();
        var lifetime = (DrainingLifetime)app.Services.GetRequiredService<IHostLifetime>();
        await StartCheck.RunAsync(app.Services, urls, cancellationToken);
        if (proxies.Warning(urls) is { } warning)
        {
            await announcer.WarnAsync(warning);
        }

        app.MapReminders();
        await app.StartAsync(cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await announcer.ReadyAsync(address, app.Services.GetRequiredService<NodeName>().ToString());
        if (withParent)
        {
            // Nobody is left who would send it a request.
            ParentWatch.Start(app.Lifetime.StopApplication);
        }

        await using (cancellationToken.Register(lifetime.Tell))
        {
            await app.WaitForShutdownAsync(CancellationToken.None);
        }

        return 0;
    }
}
