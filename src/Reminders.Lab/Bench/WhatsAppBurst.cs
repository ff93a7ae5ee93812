using Reminders.Lab.WhatsApp;

namespace Reminders.Lab.Bench;

/// <summary>A Cloud API that permits everything. Of each message it tells the nodes twice that it was sent and twice that it was delivered,
/// as the real one may.</summary>
internal sealed class WhatsAppBurst : IBurstReceiver
{
    private readonly WhatsAppSimulator _api;

    private WhatsAppBurst(WhatsAppSimulator api)
    {
        _api = api;
        Settings = new Dictionary<string, string>
        {
            ["WhatsApp__BaseUrl"] = api.BaseAddress.ToString(),
            ["WhatsApp__PhoneNumberId"] = api.Options.PhoneNumberId,
            ["WhatsApp__AccessToken"] = api.Options.AccessToken,
            ["WhatsApp__AppSecret"] = api.Options.AppSecret,
            ["WhatsApp__VerifyToken"] = api.Options.VerifyToken,
        };
    }

    public IReadOnlyDictionary<string, string> Settings { get; }

    public static async Task<WhatsAppBurst> StartAsync(CancellationToken cancellationToken) =>
        new(
            await WhatsAppSimulator.StartAsync(new() { EnforceLimits = false, EnforceWindow = false }, cancellationToken: cancellationToken)
        );

    public Task ConnectAsync(BenchCluster cluster) =>
        _api.SetWebhookAsync([.. cluster.Nodes.Select(node => new Uri(node.Address, "webhooks/whatsapp"))]);

    public Task<Arrivals?> CountAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Arrivals?>(Arrivals.Of([.. _api.Record.Messages.Select(message => (message.To, message.Text))]));

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}
