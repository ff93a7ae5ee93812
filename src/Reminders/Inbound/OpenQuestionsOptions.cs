namespace Reminders.Inbound;

/// <summary>What is said to whoever writes to the bot, section <c>OpenQuestions</c>.</summary>
public sealed class OpenQuestionsOptions
{
    /// <summary>
    /// For how long after an answer to what a person writes no other is sent to the same chat or number, however much they write.
    /// Default 30 seconds; between 1 second and 1 hour.
    /// </summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many open questions one answer repeats, the most urgent first. Messages; default 5, 1 to 20.</summary>
    public int Most { get; set; } = 5;

    internal IEnumerable<string> Problems()
    {
        if (Every < TimeSpan.FromSeconds(1) || Every > TimeSpan.FromHours(1))
        {
            yield return $"OpenQuestions:Every is {Every}: it must be between 00:00:01 and 01:00:00.";
        }

        if (Most is < 1 or > 20)
        {
            yield return $"OpenQuestions:Most is {Most}: it must be between 1 and 20 messages.";
        }
    }
}
