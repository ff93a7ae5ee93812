using System.Globalization;
using System.Text.Json;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.WhatsApp;

/// <summary>The bodies that Meta posts: one message or one status each, in its envelope.</summary>
internal static class WebhookEvents
{
    private const string DisplayNumber = "15550001234";

    public static byte[] Status(string phoneNumberId, WhatsAppMessage message, string status, int? failure, DateTimeOffset at) =>
        Envelope(
            phoneNumberId,
            "statuses",
            w =>
            {
                w.WriteString("id"u8, message.Id);
                w.WriteString("status"u8, status);
                WriteTime(w, at);
                w.WriteString("recipient_id"u8, message.To);
                if (message.Reference is { } reference)
                {
                    w.WriteString("biz_opaque_callback_data"u8, reference);
                }

                if (failure is { } code)
                {
                    SimulatorJson.WriteArray(
                        w,
                        "errors",
                        [code],
                        static (w, code) =>
                        {
                            w.WriteNumber("code"u8, code);
                            w.WriteString("title"u8, "Message failed to send"u8);
                            w.WriteString("message"u8, "Message failed to send"u8);
                            w.WriteStartObject("error_data"u8);
                            w.WriteString("details"u8, "As the sandbox was told to."u8);
                            w.WriteEndObject();
                        }
                    );
                }
            }
        );

    /// <param name="userId">With one, the number is left out: the person has a username and hides it.</param>
    public static byte[] Text(string phoneNumberId, string from, string? userId, string id, string text, DateTimeOffset at) =>
        Envelope(
            phoneNumberId,
            "messages",
            w =>
            {
                WriteSender(w, from, userId);
                w.WriteString("id"u8, id);
                WriteTime(w, at);
                w.WriteString("type"u8, "text"u8);
                w.WriteStartObject("text"u8);
                w.WriteString("body"u8, text);
                w.WriteEndObject();
            }
        );

    /// <summary>The person took their account to another number.</summary>
    public static byte[] NumberChanged(string phoneNumberId, string from, string id, string to, DateTimeOffset at) =>
        Envelope(
            phoneNumberId,
            "messages",
            w =>
            {
                w.WriteString("from"u8, from);
                w.WriteString("id"u8, id);
                WriteTime(w, at);
                w.WriteString("type"u8, "system"u8);
                w.WriteStartObject("system"u8);
                w.WriteString("body"u8, $"User Anna changed from {from} to {to}");
                w.WriteString("wa_id"u8, to);
                w.WriteString("type"u8, "user_changed_number"u8);
                w.WriteEndObject();
            }
        );

    /// <summary>A reply button's press, or that of a template's quick reply.</summary>
    public static byte[] Press(
        string phoneNumberId,
        string from,
        string? userId,
        string id,
        WhatsAppMessage under,
        WhatsAppButton button,
        DateTimeOffset at
    ) =>
        Envelope(
            phoneNumberId,
            "messages",
            w =>
            {
                w.WriteStartObject("context"u8);
                w.WriteString("from"u8, DisplayNumber);
                w.WriteString("id"u8, under.Id);
                w.WriteEndObject();
                WriteSender(w, from, userId);
                w.WriteString("id"u8, id);
                WriteTime(w, at);
                if (under.Type == "template")
                {
                    w.WriteString("type"u8, "button"u8);
                    w.WriteStartObject("button"u8);
                    w.WriteString("payload"u8, button.Data);
                    w.WriteString("text"u8, button.Title);
                    w.WriteEndObject();
                    return;
                }

                w.WriteString("type"u8, "interactive"u8);
                w.WriteStartObject("interactive"u8);
                w.WriteString("type"u8, "button_reply"u8);
                w.WriteStartObject("button_reply"u8);
                w.WriteString("id"u8, button.Data);
                w.WriteString("title"u8, button.Title);
                w.WriteEndObject();
                w.WriteEndObject();
            }
        );

    private static void WriteSender(Utf8JsonWriter w, string from, string? userId)
    {
        if (userId is null)
        {
            w.WriteString("from"u8, from);
        }
        else
        {
            w.WriteString("from_user_id"u8, userId);
        }
    }

    private static byte[] Envelope(string phoneNumberId, string list, Action<Utf8JsonWriter> item) =>
        SimulatorJson.Of(
            static (w, e) =>
            {
                w.WriteStartObject();
                w.WriteString("object"u8, "whatsapp_business_account"u8);
                SimulatorJson.WriteArray(
                    w,
                    "entry",
                    [e],
                    static (w, e) =>
                    {
                        w.WriteString("id"u8, "102290129340398"u8);
                        SimulatorJson.WriteArray(
                            w,
                            "changes",
                            [e],
                            static (w, e) =>
                            {
                                w.WriteString("field"u8, "messages"u8);
                                w.WriteStartObject("value"u8);
                                w.WriteString("messaging_product"u8, "whatsapp"u8);
                                w.WriteStartObject("metadata"u8);
                                w.WriteString("display_phone_number"u8, DisplayNumber);
                                w.WriteString("phone_number_id"u8, e.phoneNumberId);
                                w.WriteEndObject();
                                SimulatorJson.WriteArray(w, e.list, [e.item], static (w, item) => item(w));
                                w.WriteEndObject();
                            }
                        );
                    }
                );
                w.WriteEndObject();
            },
            (phoneNumberId, list, item)
        );

    private static void WriteTime(Utf8JsonWriter w, DateTimeOffset at) =>
        w.WriteString("timestamp"u8, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
}
