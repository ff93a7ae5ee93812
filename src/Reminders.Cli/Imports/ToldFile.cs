using System.Text.Json;
using Reminders.Imports;

namespace Reminders.Cli.Imports;

/// <summary>What was read of a file: its rows, and what is wrong with those that could not be read.</summary>
internal sealed record ToldFile(IReadOnlyList<ToldRow> Rows, IReadOnlyList<string> Problems)
{
    /// <summary>CSV with a header, as <c>\copy … CSV HEADER</c> writes it; or a JSON object in each line.</summary>
    public static ToldFile Read(TextReader text)
    {
        int first;
        while ((first = text.Peek()) is '\uFEFF' or ' ' or '\r' or '\n')
        {
            text.Read();
        }

        return first == '{' ? FromJson(text) : FromCsv(text);
    }

    private static ToldFile FromCsv(TextReader text)
    {
        var (rows, problems) = (new List<ToldRow>(), new List<string>());
        using var csv = new CsvRows(text);
        if (csv.Next(problems) is not { } header)
        {
            return new(rows, ["line 1: there is no header. It names the columns: " + ToldFields.Names]);
        }

        if (ToldFields.ProblemOf(header.Values) is { } problem)
        {
            return new(rows, [$"line 1: {problem}"]);
        }

        while (csv.Next(problems) is { } line)
        {
            if (line.Values.Length != header.Values.Length)
            {
                problems.Add($"line {line.Number}: has {line.Values.Length} fields: the header has {header.Values.Length}.");
                continue;
            }

            var fields = new ToldFields(line.Number, problems);
            for (var i = 0; i < header.Values.Length; i++)
            {
                fields.Set(header.Values[i], line.Values[i]);
            }

            fields.AddTo(rows);
        }
        return new(rows, problems);
    }

    private static ToldFile FromJson(TextReader text)
    {
        var (rows, problems) = (new List<ToldRow>(), new List<string>());
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            if (line.AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            var fields = new ToldFields(number, problems);
            try
            {
                using var json = JsonDocument.Parse(line);
                fields.Set(json.RootElement);
            }
            catch (JsonException exception)
            {
                problems.Add($"line {number}: is no JSON object: {exception.Message}");
                continue;
            }

            fields.AddTo(rows);
        }
        return new(rows, problems);
    }
}
