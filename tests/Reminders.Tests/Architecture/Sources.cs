using System.Text.RegularExpressions;

namespace Reminders.Tests.Architecture;

/// <summary>The sources of the checkout, read as text: a using that is never needed leaves no trace in the compiled code.</summary>
internal static partial class Sources
{
    /// <summary>A file of <c>src</c>.</summary>
    /// <param name="Project">As <c>Reminders.Web</c>.</param>
    /// <param name="Path">Below the project, with slashes.</param>
    /// <param name="Text">As it is.</param>
    /// <param name="Code">Without comments and texts.</param>
    public sealed record Source(string Project, string Path, string Text, string Code)
    {
        public IEnumerable<string> Usings => UsingLines().Matches(Code).Select(match => match.Groups[1].Value);
    }

    private static readonly Lazy<IReadOnlyList<Source>> Files = new(() => Read("*.cs"));

    private static readonly Lazy<IReadOnlyList<Source>> SqlFiles = new(() =>
        [.. Read("*.sql").Where(file => $"/{file.Path}".Contains("/Sql/", StringComparison.Ordinal))]
    );

    /// <summary>What is C#.</summary>
    public static IReadOnlyList<Source> All => Files.Value;

    /// <summary>The statements that stand in files of their own.</summary>
    public static IReadOnlyList<Source> Statements => SqlFiles.Value;

    public static IEnumerable<Source> Engine => All.Where(source => source.Project == "Reminders");

    public static string CodeOf(string text) => CommentsAndTexts().Replace(text, " ");

    public static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Reminders.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"No Reminders.sln above {AppContext.BaseDirectory}.");
    }

    private static IReadOnlyList<Source> Read(string pattern) =>
        [
            .. from file in Directory.EnumerateFiles(System.IO.Path.Combine(Root(), "src"), pattern, SearchOption.AllDirectories)
            let path = System.IO.Path.GetRelativePath(System.IO.Path.Combine(Root(), "src"), file).Replace('\\', '/')
            let parts = path.Split('/')
            where !parts.Contains("bin") && !parts.Contains("obj")
            let text = File.ReadAllText(file)
            select new Source(parts[0], path[(parts[0].Length + 1)..], text, CodeOf(text)),
        ];

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex UsingLines();

    // An interpolation's hole goes with its text: good enough, as a type is seldom named in full inside one.
    [GeneratedRegex(
        """"//[^\n]*|/\*.*?\*/|"{3,}.*?"{3,}|@"(?:""|[^"])*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'"""",
        RegexOptions.Singleline
    )]
    private static partial Regex CommentsAndTexts();
}
