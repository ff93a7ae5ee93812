using Reminders.Lab.Telegram;

namespace Reminders.Lab.Bench;

/// <summary>What SIGKILL to one of two senders did to a burst, as Telegram saw it.</summary>
/// <param name="BeforeKill">How many had arrived by then.</param>
/// <param name="Twice">People who got their message more than once.</param>
/// <param name="Lost">People who got none, and of whom the queue does not say that it is in doubt.</param>
/// <param name="InDoubt">Messages held for a person to decide.</param>
/// <param name="LastArrivalSeconds">From the kill to the last message.</param>
internal sealed record KillResult(int Count, long BeforeKill, int Twice, int Lost, int InDoubt, double LastArrivalSeconds)
{
    /// <param name="doubts">The chats of the messages that are in doubt.</param>
    public static KillResult Of(
        int count,
        long beforeKill,
        DateTimeOffset killed,
        IReadOnlyList<SentMessage> arrived,
        IReadOnlyCollection<long> doubts
    )
    {
        var perChat = arrived.CountBy(message => message.ChatId).ToDictionary();
        return new(
            count,
            beforeKill,
            perChat.Values.Count(messages => messages > 1),
            count - perChat.Keys.Union(doubts).Count(),
            doubts.Count,
            Math.Round((arrived.Max(message => message.ArrivedAt) - killed).TotalSeconds, 1)
        );
    }
}
