using Reminders.Channels;
using Reminders.Tests.Channels.Wire;
using Reminders.WhatsApp;

namespace Reminders.Tests.Channels.WhatsApp;

/// <summary>What the WhatsApp tests share.</summary>
internal static class Business
{
    public const string Token = "EAAtestSECRETtestSECRETtestSECRET";
    public const string Accepted = """
        {"messaging_product":"whatsapp","contacts":[{"input":"79990001001","wa_id":"79990001001"}],"messages":[{"id":"wamid.HBgL77"}]}
        """;

    public static Delivery Message { get; } =
        new(
            "17",
            DeliveryOperation.Send,
            "+79990001001",
            "Собеседование в 14:00 🙂",
            [new Button("✅ I confirm", "confirm:1"), new Button("❌ I can't make it", "decline:1")]
        );

    public static WhatsAppOptions Options(Uri provider, TimeSpan? timeout = null) =>
        new()
        {
            BaseUrl = new Uri(provider, "v23.0"),
            PhoneNumberId = "1555000",
            AccessToken = Token,
            AppSecret = "app-secret-of-a-test",
            VerifyToken = "verify-word-of-a-test",
            Timeout = timeout ?? TimeSpan.FromSeconds(20),
        };

    public static WhatsAppSender Sender(Uri provider, TimeSpan? timeout = null) => new(Options(provider, timeout));

    /// <summary>What the sender makes of one answer, and what it had sent.</summary>
    public static async Task<(SendResult Result, ReceivedRequest[] Requests)> AnswerAsync(
        int status,
        string body,
        Delivery? delivery = null,
        string headers = ""
    )
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(status, body, headers: headers));
        using var sender = Sender(server.Url);
        return (await sender.SendAsync(delivery ?? Message, TestContext.Current.CancellationToken), server.Requests);
    }

    public static string Error(int code, int? subcode = null) =>
        $$$"""{"error":{"message":"(#{{{code}}}) Something","type":"OAuthException","code":{{{code}}},{{{(subcode is null ? "" : $"\"error_subcode\":{subcode},")}}}"error_data":{"messaging_product":"whatsapp","details":"More of it"},"fbtrace_id":"Az8"}}""";
}
