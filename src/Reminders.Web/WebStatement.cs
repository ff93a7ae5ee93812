using Reminders.Storage;

namespace Reminders.Web;

/// <summary>The statements that stand in this project's files.</summary>
internal static class WebStatement
{
    private static readonly StatementFiles Files = new(typeof(WebStatement).Assembly);

    /// <inheritdoc cref="StatementFiles.Named(string)"/>
    public static string Named(string name) => Files.Named(name);

    /// <inheritdoc cref="StatementFiles.Named(string, string[])"/>
    public static string Named(string name, params string[] sections) => Files.Named(name, sections);
}
