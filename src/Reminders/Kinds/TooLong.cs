namespace Reminders.Kinds;

/// <summary>What becomes of a text that its channel cannot carry whole.</summary>
public enum TooLong
{
    /// <summary>Its longest value is cut where words end, and <c>[…]</c> stands where something is missing.</summary>
    Shorten,

    /// <summary>
    /// It goes as up to four messages, one after another, the buttons under the last; what does not fit into four is shortened.
    /// Should a later part not arrive, the whole is held as uncertain, since a part of it has.
    /// </summary>
    Split,

    /// <summary>It is refused when it is asked for; where only the recipient's name makes it too long, it is shortened.</summary>
    Refuse,
}
