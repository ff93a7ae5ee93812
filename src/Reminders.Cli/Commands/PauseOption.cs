using System.CommandLine;

namespace Reminders.Cli.Commands;

/// <summary>Until when a pause by hand lasts.</summary>
internal static class PauseOption
{
    public static readonly Option<DateTimeOffset?> Until = new("--until")
    {
        Description = "Then it goes on by itself: 2026-11-26T14:30:00Z. Left out: until it is resumed.",
    };
}
