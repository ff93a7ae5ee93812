using System.CommandLine;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>Until when a pause by hand lasts.</summary>
internal static class PauseOption
{
    public static readonly Option<DateTimeOffset?> Until = new("--until")
    {
        Description = "Then it goes on by itself: 2026-11-26T14:30:00Z. Left out: until it is resumed.",
    };

    /// <summary>How what was paused, or resumed, stands now.</summary>
    /// <param name="says">Null where it goes on: then <paramref name="goesOn"/>, a sentence's code.</param>
    /// <param name="unchanged">Why nothing was done, where it was not: a code as well.</param>
    public static string Standing(string name, string? says, string goesOn, bool changed, string unchanged) =>
        Printing.Say("cli.stands", name, says ?? (object)new Sentence(goesOn), changed ? null : new Sentence(unchanged));
}
