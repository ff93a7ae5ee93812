using Reminders.Lab.WhatsApp;

namespace Reminders.Lab.Bench;

/// <summary>A Cloud API that permits everything. Of each message it tells the nodes twice that it was sent and twice that it was delivered,
/// as the real one may.</summary>
internal sealed class WhatsAppBurst(WhatsAppSimulator api) : IBurstReceiver
{
    public IReadOnlyDictionary<string, string> Settings =>
        api.SenderSettings.ToDictionary(setting => $"WhatsApp__{setting.Key}", setting => setting.Value);

    public static async Task<WhatsAppBurst> StartAsync(CancellationToken cancellationToken) =>
        new(
            await WhatsAppSimulator.StartAsync(new() { EnforceLimits = false, EnforceWindow = false }, cancellationToken: cancellationToken)
        );

    public Task ConnectAsync(BenchCluster cluster) =>
        api.SetWebhookAsync([.. cluster.Nodes.Select(node => new Uri(node.Address, "webhooks/whatsapp"))]);

    public Task<Arrivals?> CountAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Arrivals?>(Arrivals.Of([.. api.Record.Messages.Select(message => (message.To, message.Text))]));

    public ValueTask DisposeAsync() => api.DisposeAsync();
}
