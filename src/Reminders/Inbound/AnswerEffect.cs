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

    /// <summary>An answer of the kind's own is taken.</summary>
    Answered,

    /// <summary>The same again: nothing changes.</summary>
    AlreadyAnswered,

    /// <summary>Another answer stands, and this one cannot take its place.</summary>
    AnsweredOtherwise,

    /// <summary>The kind does not offer this answer any more: the message is of before a deployment.</summary>
    NotOffered,
}

/// <summary>What follows of an effect.</summary>
internal static class AnswerEffects
{
    /// <summary>Whether the answer is taken, and stands from now on.</summary>
    public static bool IsTaken(this AnswerEffect effect) =>
        effect is AnswerEffect.Confirmed or AnswerEffect.Declined or AnswerEffect.Answered;
}
