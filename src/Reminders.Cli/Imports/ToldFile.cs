using System.Text.Json;
using Reminders.Imports;
using Reminders.Words;

namespace Reminders.Cli.Imports;

/// <summary>What was read of a file: its rows, and what is wrong with those that could not be read.</summary>
internal sealed record ToldFile(IReadOnlyList<ToldRow> Rows, IReadOnlyList<Sentence> Problems)
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
        var (rows, problems) = (new List<ToldRow>(), new List<Sentence>());
        using var csv = new CsvRows(text);
        if (csv.Next(problems) is not { } header)
        {
            return new(rows, [ToldProblems.InLine(1, new("wrong.no_header", ToldFields.Names))]);
        }

        if (ToldFields.ProblemOf(header.Values) is { } problem)
        {
            return new(rows, [ToldProblems.InLine(1, problem)]);
        }

        while (csv.Next(problems) is { } line)
        {
            if (line.Values.Length != header.Values.Length)
            {
                problems.Add(ToldProblems.InLine(line.Number, new("wrong.count_of_fields", line.Values.Length, header.Values.Length)));
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
        var (rows, problems) = (new List<ToldRow>(), new List<Sentence>());
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
                // What the parser says of it is English, and goes by a line of its own.
                problems.Add(ToldProblems.InLine(number, new("wrong.no_row", (exception.BytePositionInLine ?? 0) + 1)));
                continue;
            }

            fields.AddTo(rows);
        }
        return new(rows, problems);
    }
}
