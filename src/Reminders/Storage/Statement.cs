namespace Reminders.Storage;

/// <summary>The statements that stand in the engine's files. Each project that has some of its own has a class like this one.</summary>
internal static class Statement
{
    private static readonly StatementFiles Files = new(typeof(Statement).Assembly);

    /// <inheritdoc cref="StatementFiles.Named(string)"/>
    public static string Named(string name) => Files.Named(name);

    /// <inheritdoc cref="StatementFiles.Named(string, string[])"/>
    public static string Named(string name, params string[] sections) => Files.Named(name, sections);

    /// <inheritdoc cref="StatementFiles.Piece(string)"/>
    public static string Piece(string name) => Files.Piece(name);
}
