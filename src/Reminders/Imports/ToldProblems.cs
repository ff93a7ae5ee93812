using System.Globalization;
using Reminders.Commands;
using Reminders.Words;

namespace Reminders.Imports;

/// <summary>What is wrong with rows: all of them are counted, and the first hundred told.</summary>
internal sealed class ToldProblems
{
    private readonly Dictionary<string, Sentence[]> _byRow = new(StringComparer.Ordinal);

    /// <summary>What the name of a row begins with that is a file's line.</summary>
    public const string Line = "line ";

    /// <summary>How many rows are wrong.</summary>
    public int Rows { get; private set; }

    public WrongFields ByRow => new(_byRow);

    public IReadOnlyList<Sentence> Said => [.. _byRow.Values.SelectMany(said => said)];

    /// <param name="problems">By field: each names its field and the value it had.</param>
    public void Add(string row, WrongFields problems)
    {
        Rows++;
        if (Rows <= FieldErrors.Most)
        {
            _byRow[row] = [.. problems.Said.Values.SelectMany(said => said).Select(said => new Sentence("wrong.in_row", Row(row), said))];
        }
        else
        {
            _byRow[FieldErrors.More] = [new("wrong.rows_wrong", Rows, FieldErrors.Most)];
        }
    }

    public void Add(string row, string field, string code, params ReadOnlySpan<object?> values) =>
        Add(row, WrongFields.Of(field, code, values));

    /// <summary>What is wrong with a file's line.</summary>
    public static Sentence InLine(long line, Sentence problem) =>
        new("wrong.in_row", new Sentence("named.line", string.Create(CultureInfo.InvariantCulture, $"{line}")), problem);

    /// <summary>A file's line goes by its number; a request's row by its place in it, which is a name.</summary>
    private static object Row(string row) =>
        row.StartsWith(Line, StringComparison.Ordinal) ? new Sentence("named.line", row[Line.Length..]) : row;
}
