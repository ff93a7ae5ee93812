using System.Diagnostics.Contracts;

namespace Reminders.Inbound;

/// <summary>What a press does.</summary>
internal enum AnswerEffect
{
    /// <summary>The booking is confirmed.</summary>
    Confirmed,

    /// <summary>The booking is declined.</summary>
    Declined,

    /// <summary>The same answer again: nothing changes.</summary>
    AlreadyConfirmed,

    /// <summary>Declining again: nothing changes.</summary>
    AlreadyDeclined,

    /// <summary>Confirming after declining: the slot may have been given away, so only the recruiter can undo it.</summary>
    DeclinedIsFinal,

    /// <summary>The message speaks of an instant that is no longer so.</summary>
    Moved,

    /// <summary>The booking is off, or not this person's any more.</summary>
    Cancelled,

    /// <summary>The slot has begun.</summary>
    TooLate,

    /// <summary>Somebody else pressed.</summary>
    NotYours,

    /// <summary>No message carries such a token: forged, or purged long ago.</summary>
    Unknown,
}

/// <summary>
/// Decides what a press does, from the booking as it is now. Pure. The rule for changing one's mind: whoever confirmed may
/// still decline until the slot begins, because a recruiter would rather know; whoever declined may not confirm again.
/// </summary>
[Pure]
internal static class AnswerRules
{
    public static AnswerEffect Decide(string action, string status, bool stillSaysSo, bool isParty, bool hasBegun) =>
        status switch
        {
            _ when !isParty => AnswerEffect.Cancelled,
            "cancelled" => AnswerEffect.Cancelled,
            _ when !stillSaysSo => AnswerEffect.Moved,
            _ when hasBegun => AnswerEffect.TooLate,
            "approved" => action == "confirm" ? AnswerEffect.Confirmed : AnswerEffect.Declined,
            "confirmed" => action == "confirm" ? AnswerEffect.AlreadyConfirmed : AnswerEffect.Declined,
            "declined" => action == "confirm" ? AnswerEffect.DeclinedIsFinal : AnswerEffect.AlreadyDeclined,
            _ => AnswerEffect.Cancelled,
        };
}
