namespace Reminders.Cli.Dedupe;

/// <summary>Whoever watches.</summary>
internal interface IDedupeProgress
{
    void Say(string what);

    /// <summary>Rows of the present pass.</summary>
    void Moved(long done, long total);
}
