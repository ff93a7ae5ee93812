using Reminders.Storage;

namespace Reminders.Lab;

/// <summary>The statements that stand in this project's files.</summary>
internal static class LabStatement
{
    private static readonly StatementFiles Files = new(typeof(LabStatement).Assembly);

    /// <inheritdoc cref="StatementFiles.Named(string)"/>
    public static string Named(string name) => Files.Named(name);
}
