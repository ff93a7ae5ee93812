using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Cli;
using Reminders.Email;
using Reminders.Storage;
using Reminders.Telegram;
using Reminders.WhatsApp;

namespace Reminders.Lab.Bench;

/// <summary>One burst through a cluster that is made for it.</summary>
internal static class EngineBurst
{
    /// <summary>The channels that a burst can go over.</summary>
    public static readonly string[] Channels = [TelegramChannel.Name, EmailChannel.Name, WhatsAppChannel.Name, ChannelNames.Inbox];

    /// <param name="api">A Bot API to send to; null for a simulator in this process.</param>
    /// <param name="countsStatements">With what each statement took. Not where others are measured without it.</param>
    public static async Task<BurstResult> RunAsync(
        BurstSettings settings,
        Uri? api,
        TimeProvider time,
        CancellationToken cancellationToken,
        bool countsStatements = false
    )
    {
        await using var receiver = await ReceiverAsync(settings.Channel, api, cancellationToken);
        var environment = new Dictionary<string, string>(receiver.Settings)
        {
            ["Outbox__BatchSize"] = $"{settings.BatchSize}",
            ["Kinds__CONFIRM_2H__Channels__0"] = settings.Channel,
        };
        if (settings.InFlight > 0)
        {
            environment["Outbox__InFlight"] = $"{settings.InFlight}";
        }

        await using var cluster = await BenchCluster.StartUnlimitedAsync(
            settings.Nodes,
            cancellationToken,
            environment,
            settings.Tuned,
            countsStatements,
            settings.Channel
        );
        await receiver.ConnectAsync(cluster);
        var configuration = new ConfigurationBuilder()
            .AddReminders()
            .AddInMemoryCollection(
                cluster.Settings.Select(pair => new KeyValuePair<string, string?>(
                    pair.Key.Replace("__", ":", StringComparison.Ordinal),
                    pair.Value
                ))
            )
            .Build();
        var services = new ServiceCollection().AddLogging();
        services.AddEngine(configuration, AllChannels.Add);
        await using var provider = services.BuildServiceProvider();
        var bench = new BurstBench(
            provider.GetRequiredService<Database>().Source,
            provider.GetRequiredService<IServiceScopeFactory>(),
            receiver,
            cluster.CpuMeter(),
            new StatementMeter(cluster.Database),
            time
        );
        return await bench.RunAsync(settings, ApproveWithin(settings.Count), cancellationToken);
    }

    private static TimeSpan ApproveWithin(int count) => TimeSpan.FromSeconds(Math.Min(15, 3 + (count / 100)) + (count / 400));

    private static async Task<IBurstReceiver> ReceiverAsync(string channel, Uri? api, CancellationToken cancellationToken) =>
        channel switch
        {
            EmailChannel.Name => await MailBurst.StartAsync(cancellationToken),
            WhatsAppChannel.Name => await WhatsAppBurst.StartAsync(cancellationToken),
            ChannelNames.Inbox => new InboxBurst(),
            _ => new TelegramBurst(api),
        };
}
