using System.CommandLine;

namespace Reminders.Lab.Commands;

/// <summary>Everything that can be typed here.</summary>
internal static class LabCommandTree
{
    public static RootCommand Create() =>
        new("The lab of Reminders: its story, its stand-ins, its measurements and its storms.")
        {
            DemoCommand.Create(),
            SandboxCommand.Create(),
            BenchCommand.Create(),
            ChaosCommand.Create(),
        };
}
