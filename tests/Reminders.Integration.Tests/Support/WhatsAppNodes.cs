using Reminders.Integration.Tests.Web;
using Reminders.Lab.WhatsApp;

namespace Reminders.Integration.Tests.Support;

/// <summary>
/// Two nodes behind real HTTP on one database, and a stand-in for WhatsApp that posts each webhook to both, nearly at once.
/// Confirmations go over WhatsApp, and over Telegram where that fails; Telegram refuses connections.
/// </summary>
public sealed class WhatsAppNodes : IAsyncDisposable
{
    public const string Anna = "79990001001";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private WhatsAppNodes(WhatsAppSimulator whatsApp, WebNode first, WebNode second) =>
        (WhatsApp, First, Second) = (whatsApp, first, second);

    public WhatsAppSimulator WhatsApp { get; }
    public WebNode First { get; }
    public WebNode Second { get; }

    /// <param name="options">Limits and the 24-hour window are off unless given.</param>
    public static async Task<WhatsAppNodes> StartAsync(Postgres postgres, WhatsAppSimulatorOptions? options = null)
    {
        var whatsApp = await WhatsAppSimulator.StartAsync(options ?? new() { EnforceLimits = false, EnforceWindow = false });
        (string, string?)[] settings = [.. SettingsFor(whatsApp.BaseAddress)];
        var first = await WebNode.StartAsync(postgres, null, settings);
        var second = await first.StartAnotherAsync(settings);
        await whatsApp.SetWebhookAsync([.. new[] { first, second }.Select(node => new Uri(node.Http.BaseAddress!, "webhooks/whatsapp"))]);
        return new(whatsApp, first, second);
    }

    public static IEnumerable<(string Key, string? Value)> SettingsFor(Uri whatsApp)
    {
        var defaults = new WhatsAppSimulatorOptions();
        yield return ("WhatsApp:BaseUrl", whatsApp.ToString());
        yield return ("WhatsApp:PhoneNumberId", defaults.PhoneNumberId);
        yield return ("WhatsApp:AccessToken", defaults.AccessToken);
        yield return ("WhatsApp:AppSecret", defaults.AppSecret);
        yield return ("WhatsApp:VerifyToken", defaults.VerifyToken);
        yield return ("WhatsApp:Timeout", "00:00:02");
        yield return ("Kinds:CONFIRM_2H:Channels:0", "whatsapp");
        yield return ("Kinds:CONFIRM_2H:Channels:1", "telegram");
        yield return ("Outbox:Limits:whatsapp:PerSecond", "0");
        yield return ("Outbox:Limits:whatsapp:PerRecipientInterval", "0");
    }

    /// <summary>An approved booking of Anna's whose CONFIRM_2H is due, and so on its way.</summary>
    public async Task<string> ApproveAsync(string number = "+" + Anna)
    {
        var booked = await First.PostAsync("/api/bookings", WebNode.Booking(startsIn: TimeSpan.FromMinutes(115)));
        Assert.Equal(201, booked.Status);
        var id = (string)booked.Json["id"]!;
        await First.ScalarAsync<long>(
            """
            INSERT INTO reminders.address (recipient_id, channel, address)
            SELECT p.recipient_id, 'whatsapp', $2 FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id
                AND p.role = 'candidate'
            WHERE s.key = $1 RETURNING recipient_id
            """,
            id,
            number
        );
        Assert.Equal(200, (await Second.PostAsync($"/api/bookings/{id}/approve")).Status);
        return id;
    }

    /// <summary>The first message Anna has, once it has the state given in the outbox.</summary>
    public async Task<WhatsAppMessage> ArrivedAsync(string state = "sent")
    {
        await WhatsApp.Record.WaitForAsync(record => record.MessagesTo(Anna).Count > 0, Patience);
        await UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE channel = 'whatsapp' AND state = $1)", state);
        return WhatsApp.Record.MessagesTo(Anna)[0];
    }

    /// <summary>The messages over WhatsApp as <c>operation number state</c>, in order of writing.</summary>
    public Task<string[]> MessagesAsync() =>
        First.ScalarAsync<string[]>(
            """
            SELECT array_agg(operation || ' ' || number || ' ' || state ORDER BY id) FROM reminders.outbox WHERE channel = 'whatsapp'
            """
        );

    public Task UntilAsync(string sql, params object[] values) =>
        Eventually.TrueAsync(() => First.ScalarAsync<bool>(sql, values), Patience, sql);

    /// <summary>Waits until what was delivered to the webhooks by now is handled.</summary>
    public async Task SettledAsync(string providerId) =>
        await UntilAsync("SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE provider_id = $1 AND state = 'handled')", providerId);

    public async ValueTask DisposeAsync()
    {
        await WhatsApp.DisposeAsync();
        await Second.DisposeAsync();
        await First.DisposeAsync();
    }
}
