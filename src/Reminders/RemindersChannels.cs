using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Reminders.Channels;
using Reminders.Nodes;
using Reminders.Outbox;

namespace Reminders;

/// <summary>The channels of an installation: each is a folder, and a line here.</summary>
public sealed partial class RemindersChannels
{
    private readonly List<ChannelTraits> _known = [];

    internal RemindersChannels(IServiceCollection services, IConfiguration configuration) =>
        (Services, Configuration) = (services, configuration);

    /// <summary>Where a channel adds what it needs.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The engine's settings; a channel has a section of its own.</summary>
    public IConfiguration Configuration { get; }

    internal ChannelCatalog Catalog => new(_known);

    /// <summary>
    /// A channel that kinds and addresses may name, though this installation cannot send there: a kind falls back to its next one.
    /// </summary>
    /// <exception cref="ArgumentException">The name is none, or is taken.</exception>
    public RemindersChannels Add(ChannelTraits channel)
    {
        if (!Form().IsMatch(channel.Name))
        {
            throw new ArgumentException(
                $"'{channel.Name}' is no channel's name: it should be 1 to 32 lower case letters, digits and underscores.",
                nameof(channel)
            );
        }

        if (_known.Exists(other => other.Name == channel.Name))
        {
            throw new ArgumentException($"The channel '{channel.Name}' is there already.", nameof(channel));
        }

        _known.Add(channel);
        return this;
    }

    /// <summary>A channel that this installation sends over: every node gets a dispatcher for it.</summary>
    /// <typeparam name="TSender">Made once for each node, with what is in <see cref="Services"/>.</typeparam>
    /// <exception cref="ArgumentException">The name is none, or is taken.</exception>
    public RemindersChannels AddSender<TSender>(ChannelTraits channel)
        where TSender : class, ISender
    {
        Add(channel);
        Services.AddSender<TSender>(channel.Name);
        return this;
    }

    [GeneratedRegex(@"\A(?!inbox\z)[a-z0-9_]{1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

internal static class Senders
{
    /// <summary>One dispatcher per sender.</summary>
    public static void AddSender<TSender>(this IServiceCollection services, string channel)
        where TSender : class, ISender
    {
        services.TryAddSingleton<TSender>();
        services.AddSingleton(new ServedChannel(channel));
        // Not AddHostedService: it takes one service of a type, and so would leave a second channel without a dispatcher.
        services.AddSingleton<IHostedService>(provider =>
        {
            provider.GetRequiredService<Signals>().Outbox.TryAdd(channel, new Signal());
            return ActivatorUtilities.CreateInstance<Dispatcher>(provider, provider.GetRequiredService<TSender>());
        });
    }
}
