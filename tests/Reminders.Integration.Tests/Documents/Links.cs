using System.Text.RegularExpressions;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Documents;

/// <summary>A page that points at a file points at one that is there.</summary>
[Trait("Suite", "Quick")]
public sealed partial class Links
{
    [Fact]
    public void Every_link_of_the_pages_leads_to_a_file()
    {
        var links = (
            from page in Repository.Pages()
            from match in Link().Matches(File.ReadAllText(Repository.PathOf(page)))
            select (page, target: match.Groups["target"].Value)
        ).ToArray();
        Assert.True(links.Length > 60, $"only {links.Length} links were found");
        Assert.Empty(from link in links where !LeadsSomewhere(link.page, link.target) select $"{link.page} -> {link.target}");
    }

    /// <summary>As GitHub makes an anchor of a heading: a heading that was renamed leaves no link behind.</summary>
    [Fact]
    public void Every_anchor_of_a_link_is_a_heading_of_that_page()
    {
        var anchors = Repository.Pages().ToDictionary(page => Path.GetFullPath(Repository.PathOf(page)), AnchorsOf);
        var links = (
            from page in Repository.Pages()
            from match in Anchored().Matches(File.ReadAllText(Repository.PathOf(page)))
            let target = match.Groups["target"].Value
            select (page, target, anchor: match.Groups["anchor"].Value, file: FileOf(page, target))
        ).ToArray();
        Assert.True(links.Length > 30, $"only {links.Length} links were found");
        Assert.Empty(
            from link in links
            where !(anchors.TryGetValue(link.file, out var there) && there.Contains(link.anchor))
            select $"{link.page} -> {link.target}#{link.anchor}"
        );
    }

    private static string FileOf(string page, string target) =>
        target.Length == 0
            ? Path.GetFullPath(Repository.PathOf(page))
            : Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target));

    private static HashSet<string> AnchorsOf(string page) =>
        [
            .. Heading()
                .Matches(Fenced().Replace(File.ReadAllText(Repository.PathOf(page)), ""))
                .Select(match => NoLetter().Replace(match.Groups["words"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-')),
        ];

    private static bool LeadsSomewhere(string page, string target) =>
        Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target));

    // Without its anchor; not one to another site.
    [GeneratedRegex(@"\]\((?![a-z]+:|#)(?<target>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\((?![a-z]+:)(?<target>[^)#\s]*)#(?<anchor>[^)\s]+)\)")]
    private static partial Regex Anchored();

    [GeneratedRegex(@"^#{1,6} (?<words>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoLetter();
}
