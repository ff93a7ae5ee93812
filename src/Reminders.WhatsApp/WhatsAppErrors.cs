namespace Reminders.WhatsApp;

/// <summary>
/// What an error of Meta's means for the message, by its code: in the reply to a send, and later in a <c>failed</c> status.
/// (developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes.) All of them say that it was not delivered.
/// </summary>
internal static class WhatsAppErrors
{
    /// <summary>A number's throughput is counted by the second.</summary>
    public static readonly TimeSpan ThroughputWait = TimeSpan.FromSeconds(1);

    /// <summary>One message to one person every six seconds or so.</summary>
    public static readonly TimeSpan PairWait = TimeSpan.FromSeconds(6);

    /// <summary>The app's and the account's limits are counted by the hour, and Meta does not say when there is room again.</summary>
    public static readonly TimeSpan AccountWait = TimeSpan.FromMinutes(1);

    /// <summary>Null for a code that is not known here.</summary>
    /// <param name="asked">How long Meta asked us to wait, if it did.</param>
    public static SendResult? Decide(GraphError error, TimeSpan? asked = null) =>
        error.Code switch
        {
            131056 => new SendResult.Throttled(asked ?? PairWait, ThrottleScope.Recipient, $"{error}"),
            130429 => new SendResult.Throttled(asked ?? ThroughputWait, ThrottleScope.Channel, $"{error}"),
            // The app's calls, the account's calls, too many complaints, under maintenance.
            4 or 80007 or 131048 or 131057 => new SendResult.Throttled(asked ?? AccountWait, ThrottleScope.Channel, $"{error}"),
            // Something went wrong on their side, overloaded: each says that the message failed, and a run of them that nothing gets
            // through.
            131000 or 131016 => new SendResult.NotDelivered($"{error}") { Unanswered = true },
            // Not on WhatsApp or without its terms, not on a test number's list, our own number, a country we may not write to.
            131026 or 131030 or 131021 or 130497 => new SendResult.Unreachable($"{error}"),
            0 or 3 or 10 or 190 or (>= 200 and < 300) or 131005 => Broken(error, "check WhatsApp:AccessToken and what it may do"),
            33 or 131045 or 133010 => Broken(error, "check WhatsApp:PhoneNumberId"),
            100 when error.ErrorSubcode == 33 => Broken(error, "check WhatsApp:PhoneNumberId and WhatsApp:AccessToken"),
            // Blocked for breaking Meta's rules, the account locked, not paid.
            368 or 131031 or 131042 => Broken(error, "see the account at Meta"),
            // This message, to this person, as it is: a window closed, a template unknown, paused or filled in wrongly, Meta's own
            // choice (131049). Another kind may still reach them, so the address stays.
            131047 or 131049 or 131050 or 130472 or 131008 or 131009 or 131051 or (>= 132000 and < 132100) => new SendResult.Rejected(
                $"{error}"
            ),
            _ => null,
        };

    private static SendResult.ChannelBroken Broken(GraphError error, string advice) => new($"{error}: {advice}");
}
