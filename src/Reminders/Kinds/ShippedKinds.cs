using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Reminders.Channels;

namespace Reminders.Kinds;

/// <summary>The kinds that ship with the engine, kinds.json, which is part of the assembly: an app has no file to copy.</summary>
internal static class ShippedKinds
{
    private const string Name = "kinds.json";

    /// <summary>The channels that they go over, besides the inbox.</summary>
    public static IReadOnlyList<string> Channels { get; } =
    [
        .. new ConfigurationBuilder()
            .Add(Source())
            .Build()
            .GetSection("Kinds")
            .GetChildren()
            .SelectMany(kind => kind.GetSection(nameof(KindDefinition.Channels)).Get<string[]>() ?? [ChannelNames.Chat])
            .Where(channel => channel != ChannelNames.Inbox)
            .Distinct(),
    ];

    public static IConfigurationSource Source() =>
        new JsonStreamConfigurationSource { Stream = typeof(ShippedKinds).Assembly.GetManifestResourceStream(Name)! };
}
