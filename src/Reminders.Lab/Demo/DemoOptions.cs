namespace Reminders.Lab.Demo;

/// <summary>What the demo was asked for.</summary>
/// <param name="Once">Plays once and ends, for machines; otherwise it stays up for people to look around.</param>
/// <param name="Json">The verdict as one JSON line on standard output; the story then goes to standard error.</param>
/// <param name="DropReplies">The share of Telegram's replies that get lost on the way back, 0 to 1.</param>
/// <param name="Folder">Where PostgreSQL's data and the demo's own files go.</param>
internal sealed record DemoOptions(bool Once, bool Json, double DropReplies, string Folder)
{
    /// <summary>The demo's own files: logs, and the settings with which other commands find it.</summary>
    public string Files => Path.Combine(Folder, "demo");

    public string PostgresFolder => Path.Combine(Folder, "postgres");
}
