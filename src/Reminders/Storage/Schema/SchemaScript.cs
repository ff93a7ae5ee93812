using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Reminders.Storage.Schema;

/// <summary>One numbered script of this build.</summary>
/// <param name="Name">With its number, as in <c>002-ledger</c>.</param>
internal sealed partial record SchemaScript(int Number, string Name, string Sql)
{
    /// <summary>
    /// All of them, in order. A number names a script and nothing is counted: one that was never used (012) is no gap, and is not
    /// to be used any more, as a database may have seen another under it.
    /// </summary>
    public static IReadOnlyList<SchemaScript> All { get; } =
    [
        .. from resource in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where resource.StartsWith("engine/", StringComparison.Ordinal)
        let name = Path.GetFileNameWithoutExtension(resource)
        let number = int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture)
        orderby number
        select new SchemaScript(number, name, Read(resource)),
    ];

    /// <summary>
    /// What it does, in 16 hexadecimal digits. Lines that are only a comment or empty do not count: a word about a script may
    /// be mended after it was applied, the script may not.
    /// </summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Join(
                        '\n',
                        Sql.ReplaceLineEndings("\n")
                            .Split('\n')
                            .Select(line => line.TrimEnd())
                            .Where(line => line.Length > 0 && !line.TrimStart().StartsWith("--", StringComparison.Ordinal))
                    )
                )
            )[..8]
        );

    /// <summary>
    /// The oldest build, by its highest script, that still works when this script has been applied: its line
    /// <c>-- works beside builds from: 9</c>. A script that says nothing works with builds that have it.
    /// </summary>
    public int WorksBeside { get; } =
        Declaration().Match(Sql) is { Success: true } said ? int.Parse(said.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : Number;

    public static string Read(string resource)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The script '{resource}' is not in this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^-- works beside builds from: (\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
