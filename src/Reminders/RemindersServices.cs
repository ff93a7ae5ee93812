using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Hosting;
using Reminders.Settings;

namespace Reminders;

/// <summary>Takes the engine into an application, as a guest: nothing that it registers there is the app's (rule 16).</summary>
public static class RemindersServices
{
    /// <summary>The section of the app's settings that is the engine's, unless the app says which.</summary>
    public const string DefaultSection = "Reminders";

    /// <summary>The engine: it plans, fires, delivers and takes answers while the app runs.</summary>
    /// <param name="configuration">
    /// The section that holds <c>ConnectionString</c>, <c>Outbox</c>, <c>Kinds</c> and a section for each channel. Given the whole of
    /// the app's settings, it is their section <c>Reminders</c>.
    /// </param>
    /// <exception cref="InvalidOperationException">It is there already.</exception>
    public static RemindersBuilder AddReminders(this IServiceCollection services, IConfiguration configuration) =>
        configuration is IConfigurationSection section
            ? services.AddReminders(section, section.Path)
            : services.AddReminders(configuration.GetSection(DefaultSection), DefaultSection);

    /// <summary>The same with settings said in code.</summary>
    /// <inheritdoc cref="AddReminders(IServiceCollection, IConfiguration)"/>
    public static RemindersBuilder AddReminders(this IServiceCollection services, Action<RemindersOptions> configure)
    {
        var builder = services.AddReminders(new ConfigurationBuilder().Build(), "");
        var options = new RemindersOptions();
        configure(options);
        builder.Set(options);
        return builder;
    }

    /// <param name="settings">The engine's settings themselves.</param>
    /// <param name="path">Where they stand in the app's.</param>
    /// <param name="withShippedKinds">Whether those are declared that ship with the engine.</param>
    internal static RemindersBuilder AddReminders(
        this IServiceCollection services,
        IConfiguration settings,
        string path,
        bool withShippedKinds = true
    )
    {
        if (services.Any(service => service.ServiceType == typeof(RemindersEngine)))
        {
            throw new InvalidOperationException("AddReminders was called before: a host has one engine, and its builder takes the rest.");
        }

        var builder = new RemindersBuilder(new ServiceCollection(), settings, path, withShippedKinds);
        services.AddSingleton(provider => new RemindersEngine(builder, provider));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RemindersEngine>());
        services.AddSingleton<IReminders>(provider => new InProcessReminders(provider.GetRequiredService<RemindersEngine>()));
        // For whoever adds to it later: Reminders.Web and Reminders.Testing.
        services.AddSingleton(builder);
        return builder;
    }
}
