using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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

    /// <summary>
    /// One of several installations in this process, such as a tenant's: with a schema, kinds, texts, senders, limits, keys and pauses of
    /// its own. Whoever uses it says its name: <c>GetRequiredKeyedService&lt;IReminders&gt;(name)</c>, and
    /// <c>MapReminders("/a", installation: name)</c>.
    /// </summary>
    /// <param name="name">1 to 32 lower case letters, digits, - and _. Its schemas are called after it (<c>tenant_a</c>,
    /// <c>tenant_a_quartz</c>), unless <c>Schema</c> and <c>QuartzSchema</c> are set.</param>
    /// <param name="configuration">
    /// Its section. Given the whole of the app's settings, it is their section <c>Reminders:Installations:{name}</c>.
    /// </param>
    /// <exception cref="ArgumentException">It is no name.</exception>
    /// <exception cref="InvalidOperationException">It is there already.</exception>
    public static RemindersBuilder AddReminders(this IServiceCollection services, string name, IConfiguration configuration)
    {
        var installation = InstallationName.Of(name);
        var section = configuration as IConfigurationSection ?? configuration.GetSection($"{DefaultSection}:Installations:{name}");
        return services.AddReminders(section, section.Path, withShippedKinds: true, installation);
    }

    /// <summary>The same with settings said in code.</summary>
    /// <inheritdoc cref="AddReminders(IServiceCollection, IConfiguration)"/>
    public static RemindersBuilder AddReminders(this IServiceCollection services, Action<RemindersOptions> configure) =>
        services.AddReminders(InstallationName.None, new(), configure);

    /// <summary>The same with settings said in code.</summary>
    /// <inheritdoc cref="AddReminders(IServiceCollection, string, IConfiguration)"/>
    public static RemindersBuilder AddReminders(this IServiceCollection services, string name, Action<RemindersOptions> configure)
    {
        var installation = InstallationName.Of(name);
        return services.AddReminders(
            installation,
            new() { Schema = installation.Schema, QuartzSchema = installation.QuartzSchema },
            configure
        );
    }

    private static RemindersBuilder AddReminders(
        this IServiceCollection services,
        InstallationName installation,
        RemindersOptions options,
        Action<RemindersOptions> configure
    )
    {
        var builder = services.AddReminders(new ConfigurationBuilder().Build(), "", withShippedKinds: true, installation);
        configure(options);
        builder.Set(options);
        return builder;
    }

    /// <param name="settings">The engine's settings themselves.</param>
    /// <param name="path">Where they stand in the app's.</param>
    /// <param name="withShippedKinds">Whether those are declared that ship with the engine.</param>
    /// <param name="installation">Null: the one without a name.</param>
    internal static RemindersBuilder AddReminders(
        this IServiceCollection services,
        IConfiguration settings,
        string path,
        bool withShippedKinds = true,
        InstallationName? installation = null
    )
    {
        var whose = installation ?? InstallationName.None;
        // To the container, no key and the key null are the same.
        var key = whose.IsNamed ? whose.Value : null;
        if (services.Any(service => service.ServiceType == typeof(RemindersEngine) && Equals(service.ServiceKey, key)))
        {
            throw new InvalidOperationException(
                whose.IsNamed
                    ? $"AddReminders was called before for '{whose}': its builder takes the rest."
                    : "AddReminders was called before: a host has one engine without a name, whose builder takes the rest. Another "
                        + "installation has a name: AddReminders(name, …)."
            );
        }

        var builder = new RemindersBuilder(new ServiceCollection(), settings, path, withShippedKinds, whose);
        services.TryAddSingleton<Installations>();
        services.AddKeyedSingleton(key, (provider, _) => new RemindersEngine(builder, provider));
        services.AddSingleton<IHostedService>(provider => provider.Find<RemindersEngine>(key)!);
        services.AddKeyedSingleton<IReminders>(key, (provider, _) => new InProcessReminders(provider.Find<RemindersEngine>(key)!));
        // For whoever adds to it later: Reminders.Testing.
        services.AddKeyedSingleton(key, builder);
        return builder;
    }
}
