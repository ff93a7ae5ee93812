using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reminders.Nodes;
using Reminders.Settings;

namespace Reminders.Hosting;

/// <summary>
/// The engine inside somebody's app: one hosted service there, and behind it a container of its own. The app's data source,
/// scheduler, mediator, sign-in and JSON options are other objects than the engine's, whichever was registered first; and so are those of
/// another installation beside it.
/// </summary>
internal sealed partial class RemindersEngine(RemindersBuilder builder, IServiceProvider app)
    : IHostedLifecycleService,
        IAsyncDisposable,
        IDisposable
{
    private readonly Lock _gate = new();
    private ServiceProvider? _services;
    private IHostedService[] _loops = [];

    /// <summary>Whose it is, where the app has several.</summary>
    public InstallationName Installation => builder.Installation;

    /// <summary>For whoever adds to it later.</summary>
    public RemindersBuilder Builder => builder;

    /// <summary>What the engine is made of. It is made when it is first asked for.</summary>
    /// <exception cref="SettingsException">Settings are missing or wrong; every one is named.</exception>
    public IServiceProvider Services
    {
        get
        {
            lock (_gate)
            {
                return _services ??= Build();
            }
        }
    }

    /// <summary>Adds to what it is made of.</summary>
    /// <param name="what">In a developer's words: <c>MapReminders</c>.</param>
    /// <exception cref="InvalidOperationException">It is made by now.</exception>
    public void Extend(string what, Action<IServiceCollection> add)
    {
        lock (_gate)
        {
            if (_services is not null)
            {
                throw new InvalidOperationException($"{what} comes too late: the engine is in use. Call it before anything asks for it.");
            }

            builder.AtLast(add);
        }
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _loops = [.. Services.GetServices<IHostedService>()];
        await ForEachAsync(_loops, loop => (loop as IHostedLifecycleService)?.StartingAsync(cancellationToken));
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var loop in _loops)
        {
            await loop.StartAsync(cancellationToken);
            if (loop is BackgroundService { ExecuteTask: { } running })
            {
                _ = WatchAsync(loop.GetType().Name, running);
            }
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) =>
        ForEachAsync(_loops, loop => (loop as IHostedLifecycleService)?.StartedAsync(cancellationToken));

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        ForEachAsync(_loops.Reverse(), loop => (loop as IHostedLifecycleService)?.StoppingAsync(cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken) => ForEachAsync(_loops.Reverse(), loop => loop.StopAsync(cancellationToken));

    public Task StoppedAsync(CancellationToken cancellationToken) =>
        ForEachAsync(_loops.Reverse(), loop => (loop as IHostedLifecycleService)?.StoppedAsync(cancellationToken));

    public async ValueTask DisposeAsync()
    {
        if (_services is { } services)
        {
            await services.DisposeAsync();
        }
    }

    /// <summary>For a host that is disposed of in the old way; some of what is in there knows only the new one.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private ServiceProvider Build()
    {
        var services = builder.Services;
        var loggers = new OwnLoggers(app.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance, Installation);
        services.AddLogging();
        services.AddSingleton<ILoggerFactory>(loggers);
        services.AddSingleton(new AppServices(app));
        services.AddSingleton(app.GetRequiredService<Installations>());
        AppServices.Lend<IHostApplicationLifetime>(app, services);
        AppServices.Lend<IHostEnvironment>(app, services);
        builder.Complete(app.GetRequiredService<Installations>());
        var built = services.BuildServiceProvider();
        loggers.Outages = built.GetRequiredService<Outages>();
        return built;
    }

    /// <summary>One that ended in an error must not stop the others' ends.</summary>
    private static async Task ForEachAsync(IEnumerable<IHostedService> loops, Func<IHostedService, Task?> act)
    {
        var errors = new List<Exception>();
        foreach (var loop in loops)
        {
            try
            {
                await (act(loop) ?? Task.CompletedTask);
            }
            catch (Exception exception)
            {
                errors.Add(exception);
            }
        }

        if (errors.Count > 0)
        {
            throw errors.Count == 1 ? errors[0] : new AggregateException(errors);
        }
    }

    /// <summary>Every loop outlives its failures. One that ends all the same is a bug; readiness says that it stands still.</summary>
    private async Task WatchAsync(string name, Task running)
    {
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }
        catch (Exception exception)
        {
            LogEnded(Services.GetRequiredService<ILogger<RemindersEngine>>(), exception, name);
        }
    }

    [LoggerMessage(1001, LogLevel.Critical, "{Loop} has ended and does not come back until the process is restarted")]
    private static partial void LogEnded(ILogger logger, Exception exception, string loop);
}
