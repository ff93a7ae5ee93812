using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Reminders.Settings;

namespace Reminders.Storage.Schema;

/// <summary>
/// The schema as somebody reviewed it, which is in the build, and how another differs from it. Two servers of one major
/// version describe one schema in the same letters. Another version leaves out a cast, a bracket or a table's name where it
/// can: then those are left out on both sides, and everything else is compared all the same.
/// </summary>
internal sealed partial class ReviewedSchema
{
    private readonly string _text;
    private readonly int _major;

    private ReviewedSchema(string text)
    {
        _text = text;
        _major = MajorOf(text);
    }

    /// <summary>The engine's own.</summary>
    public static ReviewedSchema Engine { get; } = new(Read("reviewed/schema.sql"));

    /// <summary>Quartz's tables and the operators' views on them.</summary>
    public static ReviewedSchema Quartz { get; } = new(Read("reviewed/quartz.sql"));

    /// <param name="live">What <see cref="SchemaText"/> rendered.</param>
    /// <param name="names">What the schemas <c>reminders</c> and <c>quartz</c> are called there.</param>
    /// <param name="schema">Which of them this is, by its name there.</param>
    public IReadOnlyList<SchemaDifference> DifferencesOf(string live, string schema, (string Engine, string Quartz) names)
    {
        var reviewed = SchemaObject.Read(Renamed(_text, names)).ToDictionary(one => (one.Kind, one.Name));
        var there = SchemaObject.Read(live).ToDictionary(one => (one.Kind, one.Name));
        var exact = MajorOf(live) == _major;
        return
        [
            .. from pair in reviewed
            where !there.ContainsKey(pair.Key) && !IsPartOfMissing(pair.Value, there)
            select new SchemaDifference(schema, pair.Value, null),
            .. from pair in reviewed
            where there.TryGetValue(pair.Key, out var same) && !IsSame(pair.Value, same, exact)
            select new SchemaDifference(schema, pair.Value, there[pair.Key]),
            .. from pair in there
            where !reviewed.ContainsKey(pair.Key) && !IsPartOfMissing(pair.Value, reviewed)
            select new SchemaDifference(schema, null, pair.Value),
        ];
    }

    // What hangs on a table that is missing is missing with it, and one line says so.
    private static bool IsPartOfMissing(SchemaObject one, Dictionary<(ObjectKind, string), SchemaObject> side) =>
        one.Table is { } table && !side.ContainsKey((ObjectKind.Table, table));

    private static bool IsSame(SchemaObject reviewed, SchemaObject live, bool exact)
    {
        // A table's members are objects of their own.
        var (wanted, given) =
            reviewed.Kind == ObjectKind.Table
                ? (HeadAndTail(reviewed.Definition), HeadAndTail(live.Definition))
                : (reviewed.Definition, live.Definition);
        return exact ? wanted == given : Plain(wanted, reviewed.Kind) == Plain(given, reviewed.Kind);
    }

    private static string HeadAndTail(string table) =>
        table[..table.IndexOf('\n', StringComparison.Ordinal)] + table[table.LastIndexOf('\n')..];

    /// <summary>Without what versions word differently: casts, brackets, spaces, and in views a column's table.</summary>
    internal static string Plain(string definition, ObjectKind kind)
    {
        var plain = Casts().Replace(definition, "");
        if (kind == ObjectKind.View)
        {
            plain = Qualifiers().Replace(plain, "");
        }

        return kind is ObjectKind.Function or ObjectKind.Trigger ? definition : Noise().Replace(plain, "");
    }

    // As the scripts are before they are run, so that both are of the same names everywhere: in a default, and in a function's text.
    private static string Renamed(string text, (string Engine, string Quartz) names) =>
        new SchemaNames(names.Engine, names.Quartz).In(text);

    private static int MajorOf(string text) => int.Parse(Version().Match(text).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    private static string Read(string resource)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The file '{resource}' is not in this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"in the words of PostgreSQL (\d+)")]
    private static partial Regex Version();

    [GeneratedRegex(@"::(timestamp with(out)? time zone|double precision|character varying|\w+)(\[\])?")]
    private static partial Regex Casts();

    [GeneratedRegex(@"\b[a-z_]\w*\.(?=[a-z_*""])")]
    private static partial Regex Qualifiers();

    [GeneratedRegex(@"[\s()]+")]
    private static partial Regex Noise();
}
