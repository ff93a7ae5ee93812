using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Reminders.Integration.Tests.Web;
using Reminders.Lab.WhatsApp;

namespace Reminders.Integration.Tests.Support;

/// <summary>Messages as Meta posts them, in any form.</summary>
internal sealed class WhatsAppPosts(WebNode node)
{
    /// <summary>Posts one message, signed, and waits for what became of it.</summary>
    public async Task<string> EffectAsync(string id, string message)
    {
        var meta = new WhatsAppSimulatorOptions();
        var body = Encoding.UTF8.GetBytes(
            $$$"""
            {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",
            "metadata":{"phone_number_id":"{{{meta.PhoneNumberId}}}"},"messages":[{{{message}}}]}}]}]}
            """
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/whatsapp") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(
            "X-Hub-Signature-256",
            $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(meta.AppSecret), body))}"
        );
        Assert.Equal(200, (await node.SendAsync(request)).Status);
        await Eventually.TrueAsync(
            () =>
                node.ScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE provider_id = $1 AND state = 'handled')",
                    id
                ),
            WhatsAppNodes.Patience,
            $"{id} is handled"
        );
        return await node.ScalarAsync<string>("SELECT effect FROM reminders.inbound_update WHERE provider_id = $1", id);
    }
}
