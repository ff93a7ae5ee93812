using System.Globalization;
using Reminders.Commands;

namespace Reminders.Imports;

/// <summary>What is wrong with rows: all of them are counted, and the first hundred told.</summary>
internal sealed class ToldProblems
{
    private readonly Dictionary<string, string[]> _byRow = new(StringComparer.Ordinal);

    /// <summary>How many rows are wrong.</summary>
    public int Rows { get; private set; }

    public IReadOnlyDictionary<string, string[]> ByRow => _byRow;

    public IReadOnlyList<string> Texts => [.. _byRow.Values.SelectMany(texts => texts)];

    /// <param name="problems">By field: each names its field and the value it had.</param>
    public void Add(string row, IReadOnlyDictionary<string, string[]> problems)
    {
        Rows++;
        if (Rows <= FieldErrors.Most)
        {
            _byRow[row] = [.. problems.Values.SelectMany(texts => texts).Select(text => $"{row}: {text}")];
        }
        else
        {
            _byRow[FieldErrors.More] =
            [
                string.Create(CultureInfo.InvariantCulture, $"{Rows} rows are wrong; the first {FieldErrors.Most} are told."),
            ];
        }
    }

    public void Add(string row, string field, string problem) =>
        Add(row, new Dictionary<string, string[]> { [field] = [$"{field} {problem}"] });
}
