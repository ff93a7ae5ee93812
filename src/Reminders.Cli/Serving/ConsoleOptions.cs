namespace Reminders.Cli.Serving;

/// <summary>The console of <c>serve</c>, at <c>/console</c>, section <c>Console</c>.</summary>
public sealed class ConsoleOptions
{
    /// <summary>Leaves it out. Default false.</summary>
    public bool Off { get; set; }

    /// <summary>What stands at the top of each page, such as <c>Production</c>. Default none.</summary>
    public string? Environment { get; set; }

    /// <summary>What it stands on: <c>red</c>, <c>amber</c>, <c>green</c> or <c>blue</c>. Default blue.</summary>
    public string EnvironmentColour { get; set; } = "blue";
}
