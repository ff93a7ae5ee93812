using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Outbox;

namespace Reminders.Testing;

/// <summary>
/// Sees to it that every channel the app knows is served, also one whose settings are missing here, and that no limit makes a test
/// wait. The app's own senders are never made: nobody starts the dispatchers that they belong to.
/// </summary>
internal static class RecordedSenders
{
    public static void Replace(IServiceCollection engine)
    {
        object?[] instances = [.. engine.Where(service => !service.IsKeyedService).Select(service => service.ImplementationInstance)];
        var known = instances.OfType<ChannelCatalog>().Single();
        var served = instances.OfType<ServedChannel>().Select(channel => channel.Name).ToHashSet();
        foreach (var channel in known.All.Where(channel => !served.Contains(channel.Name)))
        {
            engine.AddSingleton(new ServedChannel(channel.Name));
        }

        foreach (var options in instances.OfType<OutboxOptions>())
        {
            options.Limits.Clear();
        }
    }
}
