using System.Text.Json;
using System.Text.Json.Serialization;
using Reminders.Channels.Http;
using Failure = Reminders.Telegram.TelegramResult<object>;

namespace Reminders.Telegram;

/// <summary>
/// Decides what a whole HTTP reply that is no success means. Only an answer in Telegram's own form is believed: a gateway in
/// between can answer anything, and has perhaps passed the message on before it did. The library's own reading of errors
/// gives up on a wait that is no whole number, and knows no error at all without a description.
/// </summary>
internal static class BotReplies
{
    /// <summary>Null when Telegram says that it did it; then the library reads on.</summary>
    public static Failure? FailureOf(HttpReply reply)
    {
        if (reply.Status >= 500)
        {
            return new Failure.Unknown($"the server failed: {reply}");
        }
        var success = reply.Status is >= 200 and < 300;
        // As Telegram begins each: most replies are read only once.
        if (success && reply.Body.StartsWith("""{"ok":true,"result":"""u8))
        {
            return null;
        }
        var read = ReplyJson.Read(reply, BotReplyJson.Default.BotReply);
        if (success && read is { Ok: true, Result: not null })
        {
            return null;
        }
        if (read is { Ok: false } && (read.ErrorCode ?? reply.Status) is >= 400 and < 500 and var code)
        {
            return new Failure.Error(
                code,
                read.Description ?? "no description",
                Seconds(read.Parameters?.RetryAfter) ?? reply.RetryAfter,
                read.Parameters?.MigrateToChatId
            );
        }
        if (read?.Ok is not true && reply.Status == 429)
        {
            // Whoever says it, in whatever form: a 429 means that nothing was taken.
            return new Failure.Error(429, "Too Many Requests", reply.RetryAfter, null);
        }
        return new Failure.Unknown(read is null ? $"the reply is not Telegram's: {reply}" : $"the reply makes no sense: {reply}");
    }

    // Compared before it is converted: 2·10⁹ seconds fit into a TimeSpan, 10³⁰⁰ do not.
    private static TimeSpan? Seconds(double? seconds) =>
        seconds switch
        {
            null or double.NaN or <= 0 => null,
            { } asked => TimeSpan.FromSeconds(Math.Min(asked, SendResult.LongestWait.TotalSeconds)),
        };
}

/// <summary>The envelope of every reply: <c>{"ok":true,"result":…}</c> or <c>{"ok":false,"error_code":…,"description":…}</c>.</summary>
internal sealed record BotReply(
    bool? Ok = null,
    JsonElement? Result = null,
    int? ErrorCode = null,
    string? Description = null,
    BotReplyParameters? Parameters = null
);

internal sealed record BotReplyParameters(double? RetryAfter = null, long? MigrateToChatId = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString
)]
[JsonSerializable(typeof(BotReply))]
internal sealed partial class BotReplyJson : JsonSerializerContext;
