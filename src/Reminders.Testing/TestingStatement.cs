using Reminders.Storage;

namespace Reminders.Testing;

/// <summary>The statements that stand in this project's files.</summary>
internal static class TestingStatement
{
    private static readonly StatementFiles Files = new(typeof(TestingStatement).Assembly);

    /// <inheritdoc cref="StatementFiles.Named(string)"/>
    public static string Named(string name) => Files.Named(name);
}
