using Microsoft.Extensions.DependencyInjection;

namespace Reminders.Hosting;

/// <summary>The services of the app that the engine is a guest in: for what the app itself wrote, its senders and handlers.</summary>
internal sealed class AppServices(IServiceProvider app)
{
    /// <summary>The app's own.</summary>
    public IServiceProvider Own => app;

    /// <summary>What the engine has, and else what the app has.</summary>
    public IServiceProvider Behind(IServiceProvider engine) => new Both(engine, app);

    /// <summary>What the process has once goes into the engine's container too, which is not the one to dispose of it.</summary>
    public static void Lend<TService>(IServiceProvider app, IServiceCollection engine)
        where TService : class
    {
        if (app.GetService<TService>() is { } service)
        {
            engine.AddSingleton(service);
        }
    }

    private sealed class Both(IServiceProvider first, IServiceProvider second) : IKeyedServiceProvider
    {
        public object? GetService(Type serviceType) => first.GetService(serviceType) ?? second.GetService(serviceType);

        public object? GetKeyedService(Type serviceType, object? serviceKey) =>
            (first as IKeyedServiceProvider)?.GetKeyedService(serviceType, serviceKey)
            ?? (second as IKeyedServiceProvider)?.GetKeyedService(serviceType, serviceKey);

        public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
            GetKeyedService(serviceType, serviceKey)
            ?? throw new InvalidOperationException($"There is no {serviceType} for the key '{serviceKey}'.");
    }
}
