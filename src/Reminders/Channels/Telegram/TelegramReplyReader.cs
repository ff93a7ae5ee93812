using System.Text.Json.Serialization.Metadata;
using Reminders.Channels.Http;

namespace Reminders.Channels.Telegram;

/// <summary>
/// Decides what a whole HTTP reply means. Only an answer in Telegram's own form is believed: a gateway in between can answer
/// anything, and has perhaps passed the message on before it did.
/// </summary>
internal static class TelegramReplyReader
{
    public static TelegramResult<T> Read<T>(HttpReply reply, JsonTypeInfo<TelegramReply<T>> type)
    {
        if (reply.Status >= 500)
        {
            return new TelegramResult<T>.Unknown($"the server failed: {reply}");
        }
        TelegramReply<T>? read = ReplyJson.Read(reply, type);
        if (read is { Ok: true, HasResult: true } && reply.Status is >= 200 and < 300)
        {
            return new TelegramResult<T>.Ok(read.Result!);
        }
        if (read is { Ok: false } && (read.ErrorCode ?? reply.Status) is >= 400 and < 500 and var code)
        {
            return new TelegramResult<T>.Error(
                code, read.Description ?? "no description", Seconds(read.Parameters?.RetryAfter) ?? reply.RetryAfter, read.Parameters?.MigrateToChatId);
        }
        if (read?.Ok is not true && reply.Status == 429)
        {
            // Whoever says it, in whatever form: a 429 means that nothing was taken.
            return new TelegramResult<T>.Error(429, "Too Many Requests", reply.RetryAfter, null);
        }
        return new TelegramResult<T>.Unknown(read is null ? $"the reply is not Telegram's: {reply}" : $"the reply makes no sense: {reply}");
    }

    // Compared before it is converted: 2·10⁹ seconds fit into a TimeSpan, 10³⁰⁰ do not.
    private static TimeSpan? Seconds(double? seconds) => seconds switch
    {
        null or double.NaN or <= 0 => null,
        { } asked => TimeSpan.FromSeconds(Math.Min(asked, SendResult.LongestWait.TotalSeconds)),
    };
}
