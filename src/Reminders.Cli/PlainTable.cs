using System.Globalization;
using System.Text;
using Reminders.Words;

namespace Reminders.Cli;

/// <summary>
/// Columns in plain text, one line a row whatever the terminal's width: made to be read and to be piped. What stands in a
/// cell came from outside: a line break in it would be another row, an ESC a command to the terminal.
/// </summary>
internal sealed class PlainTable(params string[] header)
{
    private readonly List<string[]> _rows =
    [
        [.. header.Select(one => Engine.Words.Word("column", one))],
    ];

    public int Count => _rows.Count - 1;

    public void Add(params string[] row) => _rows.Add([.. row.Select(cell => Printing.OneLine(cell))]);

    /// <summary>English, with instants as the tables show them.</summary>
    public static readonly Wording Words = Wording.Brief;

    public static string Show(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public override string ToString()
    {
        var widths = Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }
}
