using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Reminders.Channels;

namespace Reminders.Kinds;

/// <summary>
/// The kinds and answers of kinds.json, which is in the assembly: a package has no file to lay beside a program. Settings from
/// anywhere else win over them.
/// </summary>
internal sealed class ShippedKinds : IConfigurationSource
{
    /// <summary>What an operator's own kinds are called, beside the program; the service reads them in place of these.</summary>
    public const string FileName = "kinds.json";

    /// <summary>Where each of them goes.</summary>
    public static IReadOnlyDictionary<string, string[]> Channels { get; } =
        new ConfigurationBuilder()
            .Add(new ShippedKinds())
            .Build()
            .GetSection("Kinds")
            .GetChildren()
            .ToDictionary(
                kind => kind.Key,
                kind => kind.GetSection(nameof(KindDefinition.Channels)).Get<string[]>() ?? [ChannelNames.Chat],
                StringComparer.Ordinal
            );

    public static Stream Open() =>
        typeof(ShippedKinds).Assembly.GetManifestResourceStream(FileName)
        ?? throw new InvalidOperationException($"{FileName} is not in {typeof(ShippedKinds).Assembly.GetName().Name}.");

    /// <summary>Below everything that is there already, and once.</summary>
    public static void AddTo(IConfigurationBuilder configuration)
    {
        if (!configuration.Sources.OfType<ShippedKinds>().Any())
        {
            configuration.Sources.Insert(0, new ShippedKinds());
        }
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider();

    /// <summary>A stream can be read once, and a configuration is loaded again whenever somebody asks for it.</summary>
    private sealed class Provider() : JsonStreamConfigurationProvider(new())
    {
        public override void Load()
        {
            using var shipped = Open();
            Load(shipped);
        }
    }
}
