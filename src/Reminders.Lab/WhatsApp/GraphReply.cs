using System.Globalization;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.WhatsApp;

/// <summary>The answer to one call, in Graph's shape.</summary>
/// <param name="Code">The error's code; 0 when the message was accepted.</param>
/// <param name="MessageId">The message that was accepted.</param>
internal sealed record GraphReply(int Status, byte[] Body, int Code = 0, string? MessageId = null)
{
    public static GraphReply Accepted(string to, string id) =>
        new(
            200,
            SimulatorJson.Of(
                static (w, m) =>
                {
                    w.WriteStartObject();
                    w.WriteString("messaging_product"u8, "whatsapp"u8);
                    SimulatorJson.WriteArray(
                        w,
                        "contacts",
                        [m.to],
                        static (w, to) =>
                        {
                            w.WriteString("input"u8, to);
                            w.WriteString("wa_id"u8, to);
                        }
                    );
                    SimulatorJson.WriteArray(w, "messages", [m.id], static (w, id) => w.WriteString("id"u8, id));
                    w.WriteEndObject();
                },
                (to, id)
            ),
            MessageId: id
        );

    public static GraphReply Number(string id) =>
        new(
            200,
            SimulatorJson.Of(
                static (w, id) =>
                {
                    w.WriteStartObject();
                    w.WriteString("id"u8, id);
                    w.WriteEndObject();
                },
                id
            )
        );

    /// <param name="details">Meta's own words on it.</param>
    public static GraphReply Error(int status, int code, string message, string details, int? subcode = null) =>
        new(
            status,
            SimulatorJson.Of(
                static (w, e) =>
                {
                    w.WriteStartObject();
                    w.WriteStartObject("error"u8);
                    w.WriteString("message"u8, string.Create(CultureInfo.InvariantCulture, $"(#{e.code}) {e.message}"));
                    w.WriteString("type"u8, "OAuthException"u8);
                    w.WriteNumber("code"u8, e.code);
                    if (e.subcode is { } sub)
                    {
                        w.WriteNumber("error_subcode"u8, sub);
                    }

                    w.WriteStartObject("error_data"u8);
                    w.WriteString("messaging_product"u8, "whatsapp"u8);
                    w.WriteString("details"u8, e.details);
                    w.WriteEndObject();
                    w.WriteString("fbtrace_id"u8, "ASandboxTrace"u8);
                    w.WriteEndObject();
                    w.WriteEndObject();
                },
                (code, message, details, subcode)
            ),
            code
        );

    public static GraphReply Unauthorized() =>
        Error(401, 190, "Invalid OAuth access token - Cannot parse access token", "The token is not this number's.");

    public static GraphReply UnknownNumber(string id) =>
        Error(400, 100, "Invalid parameter", $"Object with ID '{id}' does not exist, cannot be loaded due to missing permissions.", 33);

    public static GraphReply Invalid(string details) => Error(400, 100, "Invalid parameter", details);

    public static GraphReply WindowClosed() =>
        Error(
            400,
            131047,
            "Re-engagement message",
            "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
        );

    public static GraphReply PairLimit() =>
        Error(
            400,
            131056,
            "(Business Account, Consumer Account) pair rate limit hit",
            "Message failed to send because there were too many messages sent from this phone number to the same phone "
                + "number in a short period of time."
        );

    public static GraphReply Throughput() =>
        Error(
            429,
            130429,
            "Rate limit hit",
            "Message failed to send because there were too many messages sent from this phone number in a short period of time."
        );
}
