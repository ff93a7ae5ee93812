using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Reminders.Integration.Tests.Documents;

/// <summary>The documentation comments of an assembly, as the compiler wrote them beside it, turned into Markdown.</summary>
internal static partial class DocComments
{
    private static readonly ConcurrentDictionary<string, Dictionary<string, XElement>> Files = [];

    /// <summary>Its summary on one line; empty where there is none.</summary>
    public static string SummaryOf(MemberInfo member) => Spaces().Replace(Markdown(Summary(member)), " ").Trim();

    /// <summary>The drawing in its summary.</summary>
    public static string DrawingOf(MemberInfo member)
    {
        var lines = Summary(member)!.Element("code")!.Value.Split('\n').Where(line => line.Trim().Length > 0).ToArray();
        var margin = lines.Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line[margin..].TrimEnd()));
    }

    private static XElement? Summary(MemberInfo member)
    {
        var id = member switch
        {
            Type type => $"T:{NameOf(type)}",
            PropertyInfo property => $"P:{NameOf(property.DeclaringType!)}.{property.Name}",
            _ => $"F:{NameOf(member.DeclaringType!)}.{member.Name}",
        };
        var members = Files.GetOrAdd(Path.ChangeExtension(member.Module.Assembly.Location, ".xml"), Read);
        return members.GetValueOrDefault(id)?.Element("summary");
    }

    private static Dictionary<string, XElement> Read(string file) =>
        XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Markdown(XElement? element) =>
        string.Concat(
            element
                ?.Nodes()
                .Select(node =>
                    node switch
                    {
                        XText text => text.Value,
                        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                        XElement { Name.LocalName: "code" } => "",
                        XElement { Name.LocalName: "em" } emphasis => $"*{emphasis.Value}*",
                        XElement { Name.LocalName: "see" } see =>
                            $"`{((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword"))!.Split('.', ':')[^1]}`",
                        XElement other => Markdown(other),
                        _ => "",
                    }
                )
                ?? []
        );

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
