namespace Reminders.Web.Console;

/// <summary>What the frame around a page says of it.</summary>
internal sealed class PageHead
{
    public string Title { get; set; } = "";

    /// <summary>The entry of the menu that it belongs to: its path.</summary>
    public string Entry { get; set; } = "";

    /// <summary>What the page is to be asked for anew by, when it changes; null where it never is.</summary>
    public string? Topic { get; set; }

    /// <summary>What somebody has stopped by hand: every page says so.</summary>
    public IReadOnlyList<Reads.PauseNow> Pauses { get; set; } = [];

    /// <summary>What was just done, by its name.</summary>
    public string? Done { get; set; }
}
