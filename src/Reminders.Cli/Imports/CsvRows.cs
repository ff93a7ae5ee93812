using Microsoft.VisualBasic.FileIO;
using Reminders.Imports;
using Reminders.Words;

namespace Reminders.Cli.Imports;

/// <param name="Number">The line it begins in.</param>
internal readonly record struct CsvRow(int Number, string[] Values);

/// <summary>The rows of a CSV file, whose values may hold commas, quotes and line breaks.</summary>
internal sealed class CsvRows : IDisposable
{
    private readonly TextFieldParser _parser;

    public CsvRows(TextReader text) =>
        _parser = new(text)
        {
            Delimiters = [","],
            HasFieldsEnclosedInQuotes = true,
            TrimWhiteSpace = false,
        };

    /// <returns>Null at the end. What is no row is a problem, and passed over.</returns>
    public CsvRow? Next(List<Sentence> problems)
    {
        while (!_parser.EndOfData)
        {
            var number = (int)_parser.LineNumber;
            try
            {
                return new(number, _parser.ReadFields()!);
            }
            catch (MalformedLineException exception)
            {
                problems.Add(ToldProblems.InLine(exception.LineNumber, new("wrong.no_csv")));
            }
        }
        return null;
    }

    public void Dispose() => _parser.Dispose();
}
