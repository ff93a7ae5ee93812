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

    private static bool LeadsSomewhere(string page, string target) =>
        Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target));

    // Without its anchor; not one to another site.
    [GeneratedRegex(@"\]\((?![a-z]+:|#)(?<target>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
