using Reminders.Storage;

namespace Reminders.Cli;

/// <summary>The statements that stand in this project's files.</summary>
internal static class CliStatement
{
    private static readonly StatementFiles Files = new(typeof(CliStatement).Assembly);

    /// <inheritdoc cref="StatementFiles.Named(string)"/>
    public static string Named(string name) => Files.Named(name);
}
