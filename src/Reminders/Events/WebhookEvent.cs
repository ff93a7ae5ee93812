using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reminders.Events;

/// <summary>What the receiver reads. What does not apply is left out.</summary>
/// <param name="Id">The same however often it is delivered, and that of no other event.</param>
/// <param name="Timestamp">When it happened, and not when it is told.</param>
internal sealed record WebhookEvent(string Id, string Type, DateTimeOffset Timestamp, WebhookData Data)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}

/// <param name="Version">Of the subject, when it was.</param>
/// <param name="Recipient">By the app's reference.</param>
/// <param name="Message">The engine's own id of it.</param>
/// <param name="Answer">By the key that its kind declares.</param>
/// <param name="Status">What the answer made of the subject.</param>
/// <param name="Way">How the answer came: press, link, or who recorded it.</param>
internal sealed record WebhookData(
    WebhookSubject Subject,
    long Version,
    string? Kind,
    string? Recipient,
    long? Message,
    string? Channel,
    string? Answer,
    string? Status,
    string? Way,
    string? Reason
);

/// <param name="Key">The app's own id of it.</param>
/// <param name="Owner">Whose it is; left out for the installation's own.</param>
internal sealed record WebhookSubject(string Type, string Key, string? Owner);

/// <summary>An event in hand.</summary>
internal sealed record TakenEvent(long Id, long Lease, int Attempts, WebhookEvent Event);
