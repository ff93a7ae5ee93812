namespace Reminders.Integration.Tests.Support;

/// <summary>The checkout these tests were built from, whose pages some of them hold to the code.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["bin", "obj", ".git", ".local", "node_modules"];

    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Every page, by its path from the root.</summary>
    public static IEnumerable<string> Pages() => PagesIn(new DirectoryInfo(Root)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> PagesIn(DirectoryInfo folder) =>
        [
            .. folder.EnumerateFiles("*.md").Select(file => Path.GetRelativePath(Root, file.FullName)),
            .. folder.EnumerateDirectories().Where(inner => !NotOurs.Contains(inner.Name)).SelectMany(PagesIn),
        ];

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Reminders.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"No Reminders.sln above {AppContext.BaseDirectory}.");
    }
}
