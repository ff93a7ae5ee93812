using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reminders.Sandbox.Telegram;

/// <summary>The answer to one call, ready for the wire.</summary>
/// <param name="RetryAfter">Seconds for the Retry-After header; 0 leaves it out.</param>
/// <param name="MessageId">The message the call sent or changed, for the judge.</param>
internal sealed record BotReply(int Status, byte[] Body, int RetryAfter = 0, long? MessageId = null)
{
    internal static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? s_scratch;

    public static readonly BotReply True = Ok(static (w, _) => w.WriteBooleanValue(true), 0);

    public bool IsOk => Status == 200;

    public static BotReply TrueBecause(string description) => new(200, Json(static (w, d) =>
    {
        w.WriteStartObject();
        w.WriteBoolean("ok"u8, true);
        w.WriteBoolean("result"u8, true);
        w.WriteString("description"u8, d);
        w.WriteEndObject();
    }, description));

    public static BotReply Ok<T>(Action<Utf8JsonWriter, T> result, T state, long? messageId = null) => new(200, Json(static (w, s) =>
    {
        w.WriteStartObject();
        w.WriteBoolean("ok"u8, true);
        w.WritePropertyName("result"u8);
        s.result(w, s.state);
        w.WriteEndObject();
    }, (result, state)), 0, messageId);

    public static BotReply BadRequest(string why) => Error(400, "Bad Request: " + why);

    public static BotReply Forbidden(string why) => Error(403, "Forbidden: " + why);

    public static BotReply Error(int code, string description, string? parameter = null, long value = 0) => new(code, Json(static (w, e) =>
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
    }, (code, description, parameter, value)));

    public static BotReply TooManyRequests(int retryAfter) =>
        Error(429, "Too Many Requests: retry after " + retryAfter.ToString(CultureInfo.InvariantCulture), "retry_after", retryAfter)
            with
        { RetryAfter = retryAfter };

    /// <summary>The page a gateway in front of the Bot API shows.</summary>
    public static byte[] Html(string title) => Encoding.ASCII.GetBytes(
        $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n");

    /// <summary>Runs <paramref name="write"/> on this thread's own writer. It must not be nested.</summary>
    public static byte[] Json<T>(Action<Utf8JsonWriter, T> write, T state)
    {
        if (s_scratch is not { } scratch)
        {
            var fresh = new ArrayBufferWriter<byte>(1024);
            s_scratch = scratch = (fresh, new Utf8JsonWriter(fresh, WriterOptions));
        }

        scratch.Buffer.ResetWrittenCount();
        scratch.Writer.Reset();
        write(scratch.Writer, state);
        scratch.Writer.Flush();
        return scratch.Buffer.WrittenSpan.ToArray();
    }
}
