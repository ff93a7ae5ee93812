namespace Reminders.Channels;

/// <summary>What becomes of a message that was perhaps delivered (rule 7).</summary>
public enum UncertainPolicy
{
    /// <summary>It stays in doubt, in sight of operators, until a press, a webhook or a person settles it.</summary>
    Hold,

    /// <summary>It is sent again: for channels where a second copy does no harm.</summary>
    Resend,
}
