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
using Reminders.Hosting;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Web;
using Reminders.Web.Console;
using Reminders.Web.Console.Accounts;

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
        builder.Logging.AddPlainLines(builder.Configuration);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.WebHost.UseUrls(urls);
        if (EngineServices.Bind<TlsOptions>(builder.Configuration, "Tls").Read(urls, TimeProvider.System.GetUtcNow()) is { } https)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https));
        }
        var proxies = EngineServices.Bind<ProxyOptions>(builder.Configuration, "Proxies");
        builder.Services.AddSingleton<IStartupFilter>(new FrontDoor(proxies.Read()));
        builder.Services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        // What is in flight is waited for: a send timeout, and a little.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddSingleton<Announcer>();
        var drain = EngineServices.Bind<ServeOptions>(builder.Configuration, "Serve").ReadDrain();
        builder.Services.AddSingleton<IHostLifetime>(services => ActivatorUtilities.CreateInstance<DrainingLifetime>(services, [drain]));
        // The whole of the settings is the engine's here: this process is nothing else.
        var reminders = builder.Services.AddReminders(builder.Configuration, path: "", withShippedKinds: false);
        AllChannels.Add(reminders);
        reminders.Services.AddHealthChecks().AddCheck<DrainCheck>("drain");

        await using var app = builder.Build();
        app.MapReminders(prefix: "");
        var console = EngineServices.Bind<ConsoleOptions>(builder.Configuration, "Console");
        if (!console.Off)
        {
            app.MapRemindersConsole(
                RemindersConsole.DefaultPrefix,
                map =>
                {
                    map.OwnAccounts = true;
                    (map.Environment, map.EnvironmentColour) = (console.Environment, console.EnvironmentColour);
                }
            );
        }

        var engine = app.Services.GetRequiredService<RemindersEngine>().Services;
        var announcer = app.Services.GetRequiredService<Announcer>();
        var lifetime = (DrainingLifetime)app.Services.GetRequiredService<IHostLifetime>();
        await StartCheck.RunAsync(engine, announcer, urls, cancellationToken);
        if (proxies.Warning(urls) is { } warning)
        {
            await announcer.WarnAsync(warning);
        }

        await app.StartAsync(cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await announcer.ReadyAsync(address, engine.GetRequiredService<NodeName>().ToString());
        if (!console.Off)
        {
            await InviteAsync(engine.GetRequiredService<ConsoleAccounts>(), announcer, address, cancellationToken);
        }

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

    /// <summary>A convenience: a database that is away just now, or a node that is told to end, is no reason for it to fail.</summary>
    private static async Task InviteAsync(
        ConsoleAccounts accounts,
        Announcer announcer,
        string address,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await accounts.FirstAsync(cancellationToken) is { } code)
            {
                await announcer.InviteAsync($"{address}{RemindersConsole.DefaultPrefix}/join", code);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || Faults.IsOutage(exception))
        {
            // reminders accounts invite prints another.
        }
    }
}
