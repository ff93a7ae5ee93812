namespace Reminders.WhatsApp;

/// <summary>
/// One number that is written from: its channel and its settings. An installation may have several, each by a name of its own.
/// </summary>
/// <param name="Channel">What kinds, addresses, updates and the outbox name it by.</param>
/// <param name="Section">Where its settings stand.</param>
internal sealed record WhatsAppNumber(string Channel, string Section, WhatsAppOptions Options)
{
    /// <summary>One of its settings, by its full name.</summary>
    public string Setting(string name) => $"{Section}:{name}";
}
