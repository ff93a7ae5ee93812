using System.Text.RegularExpressions;

namespace Reminders.Storage.Schema;

/// <summary>What a schema consists of, as far as a difference in it matters.</summary>
internal enum ObjectKind
{
    Sequence,
    Table,
    Column,
    Constraint,
    UniqueIndex,
    Index,
    Function,
    View,
    Trigger,
}

/// <param name="Name">Distinct within its kind: a column's and a constraint's begin with their table's, a function's ends with its
/// arguments.</param>
/// <param name="Table">What it belongs to; null for what stands alone.</param>
/// <param name="Definition">Its own line or statement, as <see cref="SchemaText"/> writes it.</param>
internal sealed partial record SchemaObject(ObjectKind Kind, string Name, string? Table, string Definition)
{
    /// <summary>Without its table and its arguments, as a statement about it says.</summary>
    public string ShortName { get; } =
        (Table is not null && Name.StartsWith(Table + ".", StringComparison.Ordinal) ? Name[(Table.Length + 1)..] : Name).Split('(')[0];

    public string Word =>
        Kind switch
        {
            ObjectKind.UniqueIndex => "unique index",
            _ => Kind.ToString().ToLowerInvariant(),
        };

    /// <summary>Takes a rendered schema apart.</summary>
    public static IReadOnlyList<SchemaObject> Read(string text) => [.. Statements().Split(text.TrimEnd('\n')).Skip(1).SelectMany(Of)];

    private static IEnumerable<SchemaObject> Of(string statement)
    {
        var head = Head().Match(statement);
        var name = head.Groups["name"].Value;
        switch (head.Groups["kind"].Value)
        {
            case "TABLE":
                var lines = statement.Split('\n');
                yield return new(ObjectKind.Table, name, null, statement);
                foreach (var line in lines[1..^1].Select(line => line.Trim().TrimEnd(',')))
                {
                    var constraint = line.StartsWith("CONSTRAINT ", StringComparison.Ordinal);
                    var member = Member().Match(constraint ? line["CONSTRAINT ".Length..] : line).Value;
                    yield return new(constraint ? ObjectKind.Constraint : ObjectKind.Column, $"{name}.{member}", name, line);
                }
                break;
            case "INDEX":
                yield return new(
                    head.Groups["unique"].Success ? ObjectKind.UniqueIndex : ObjectKind.Index,
                    head.Groups["bare"].Value,
                    TableOf(statement),
                    statement
                );
                break;
            case "TRIGGER":
                yield return new(ObjectKind.Trigger, head.Groups["bare"].Value, TableOf(statement), statement);
                break;
            case "SEQUENCE":
                yield return new(ObjectKind.Sequence, name, null, statement);
                break;
            case "VIEW":
                yield return new(ObjectKind.View, name, null, statement);
                break;
            default:
                yield return new(ObjectKind.Function, statement.Split('\n')[0][(head.Groups["name"].Index)..], null, statement);
                break;
        }
    }

    private static string TableOf(string statement) => On().Match(statement).Groups[1].Value;

    // A body may hold empty lines, and none here begins a line after one with CREATE.
    [GeneratedRegex(@"\n\n(?=CREATE )")]
    private static partial Regex Statements();

    [GeneratedRegex(
        """^CREATE (OR REPLACE )?(UNLOGGED )?(?<unique>UNIQUE )?(?<kind>SEQUENCE|TABLE|INDEX|FUNCTION|PROCEDURE|VIEW|TRIGGER) (?<bare>(?:"[^"]+"|\w+)(?:\.(?<name>"[^"]+"|\w+))?)"""
    )]
    private static partial Regex Head();

    [GeneratedRegex("""^("[^"]+"|\w+)""")]
    private static partial Regex Member();

    [GeneratedRegex("""\sON (?:ONLY )?(?:"[^"]+"|\w+)\.("[^"]+"|\w+)""")]
    private static partial Regex On();
}
