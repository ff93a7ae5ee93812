using Reminders.Channels.Http;

namespace Reminders.WhatsApp;

/// <summary>
/// Decides what a whole HTTP reply means. Only an answer in Meta's own form is believed, and then by its code: a gateway in
/// between can answer anything, and has perhaps passed the message on before it did.
/// </summary>
internal static class WhatsAppReplyReader
{
    public static SendResult Read(HttpReply reply)
    {
        var read = ReplyJson.Read(reply, WhatsAppJson.Default.MessageReply);
        if (read is { Messages: [{ Id: { Length: > 0 } id }, ..], Error: null } && reply.Status is >= 200 and < 300)
        {
            return new SendResult.Sent(id);
        }
        if (read is { Error: { } error, Messages: null } && reply.Status >= 400)
        {
            // A code that is not known decides nothing by itself: below 500 the call was refused, above nobody can know.
            return WhatsAppErrors.Decide(error, reply.RetryAfter)
                ?? (reply.Status < 500 ? new SendResult.Rejected($"{error}") : new SendResult.Uncertain($"the server failed: {error}"));
        }
        if (reply.Status == 429)
        {
            // Whoever says it, in whatever form: a 429 means that nothing was taken. Only Meta's own codes say whose limit it was.
            return new SendResult.Throttled(reply.RetryAfter ?? WhatsAppErrors.ThroughputWait, ThrottleScope.Unknown, $"{reply}");
        }
        return new SendResult.Uncertain(
            reply.Status >= 500 ? $"the server failed: {reply}"
            : read is null ? $"the reply is not Meta's: {reply}"
            : $"the reply makes no sense: {reply}"
        );
    }

    /// <summary>What the answer to a question about the number says of the channel.</summary>
    public static ProbeResult ReadProbe(HttpReply reply) =>
        ReplyJson.Read(reply, WhatsAppJson.Default.MessageReply) switch
        {
            { Error: null } when reply.Status is >= 200 and < 300 => ProbeResult.Well,
            { Error: { } error } when reply.Status is >= 400 and < 500 && !ConcernsAll(error) => ProbeResult.Well,
            { Error: { } error } => ProbeResult.Ill($"{error}"),
            _ => ProbeResult.Ill($"the reply is not Meta's: {reply}"),
        };

    // Its limits, its own trouble, a token that is none, an account that is blocked. What the token may not see is no such thing.
    private static bool ConcernsAll(GraphError error) =>
        error.Code is 1 or 2 or 4 or 190 or 368 or 80007 or 131000 or 131016 or 131031 or 131057;
}
