using System.Globalization;
using System.Text.Json;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>The answer to one call, ready for the wire.</summary>
/// <param name="RetryAfter">Seconds for the Retry-After header; 0 leaves it out.</param>
/// <param name="MessageId">The message the call sent or changed, for the judge.</param>
internal sealed record BotReply(int Status, byte[] Body, int RetryAfter = 0, long? MessageId = null)
{
    public static readonly BotReply True = Ok(static (w, _) => w.WriteBooleanValue(true), 0);

    public bool IsOk => Status == 200;

    public static BotReply TrueBecause(string description) =>
        new(
            200,
            SimulatorJson.Of(
                static (w, d) =>
                {
                    w.WriteStartObject();
                    w.WriteBoolean("ok"u8, true);
                    w.WriteBoolean("result"u8, true);
                    w.WriteString("description"u8, d);
                    w.WriteEndObject();
                },
                description
            )
        );

    public static BotReply Ok<T>(Action<Utf8JsonWriter, T> result, T state, long? messageId = null) =>
        new(
            200,
            SimulatorJson.Of(
                static (w, s) =>
                {
                    w.WriteStartObject();
                    w.WriteBoolean("ok"u8, true);
                    w.WritePropertyName("result"u8);
                    s.result(w, s.state);
                    w.WriteEndObject();
                },
                (result, state)
            ),
            0,
            messageId
        );

    public static BotReply BadRequest(string why) => Error(400, "Bad Request: " + why);

    public static BotReply Forbidden(string why) => Error(403, "Forbidden: " + why);

    public static BotReply Error(int code, string description, string? parameter = null, long value = 0) =>
        new(
            code,
            SimulatorJson.Of(
                static (w, e) =>
                {
                    w.WriteStartObject();
                    w.WriteBoolean("ok"u8, false);
                    w.WriteNumber("error_code"u8, e.code);
                    w.WriteString("description"u8, e.description);
                    if (e.parameter is not null)
                    {
                        w.WriteStartObject("parameters"u8);
                        w.WriteNumber(e.parameter, e.value);
                        w.WriteEndObject();
                    }

                    w.WriteEndObject();
                },
                (code, description, parameter, value)
            )
        );

    public static BotReply TooManyRequests(int retryAfter) =>
        Error(429, "Too Many Requests: retry after " + retryAfter.ToString(CultureInfo.InvariantCulture), "retry_after", retryAfter) with
        {
            RetryAfter = retryAfter,
        };
}
