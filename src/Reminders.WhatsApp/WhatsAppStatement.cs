using Reminders.Storage;

namespace Reminders.WhatsApp;

/// <summary>The statements that stand in this project's files.</summary>
internal static class WhatsAppStatement
{
    private static readonly StatementFiles Files = new(typeof(WhatsAppStatement).Assembly);

    /// <inheritdoc cref="StatementFiles.Named(string)"/>
    public static string Named(string name) => Files.Named(name);
}
