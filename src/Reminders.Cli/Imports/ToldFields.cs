using System.Globalization;
using System.Text.Json;
using Reminders.Commands;
using Reminders.Imports;
using Reminders.Words;

namespace Reminders.Cli.Imports;

/// <summary>The fields of one row of a file, by their names. An empty value is none.</summary>
internal sealed class ToldFields(int line, List<Sentence> problems)
{
    private const string Data = "data";

    private static readonly string[] Required = ["kind", "subject", "recipient", "sent_at"];
    private static readonly string[] Known = [.. Required, "subject_type", "version", "starts_at", "channel", "name"];

    public static readonly Sentence Names = new("form.columns", string.Join(", ", Required), string.Join(", ", Known[Required.Length..]));

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _data = new(StringComparer.Ordinal);
    private readonly int _problemsBefore = problems.Count;

    /// <summary>What is wrong with a header.</summary>
    public static Sentence? ProblemOf(string[] header) =>
        Required.Except(header).FirstOrDefault() is { } missing ? new("wrong.lacks_column", missing, Names)
        : header.FirstOrDefault(name => !IsKnown(name)) is { } unknown ? new("wrong.unknown_column", unknown, Names)
        : header.GroupBy(name => name).FirstOrDefault(same => same.Skip(1).Any()) is { } twice ? new("wrong.column_twice", twice.Key)
        : null;

    public void Set(string name, string value)
    {
        if (value.Length == 0)
        {
            return;
        }

        if (name.StartsWith(Data + ".", StringComparison.Ordinal))
        {
            _data[name[(Data.Length + 1)..]] = JsonSerializer.SerializeToElement(value);
        }
        else
        {
            _texts[name] = value;
        }
    }

    /// <summary>All of a JSON object's; its data are an object of their own.</summary>
    public void Set(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            Problem(new("wrong.not_bare", FieldErrors.Cut(row.GetRawText()), new Sentence("form.object")));
            return;
        }

        foreach (var field in row.EnumerateObject())
        {
            if (field.Name == Data && field.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var datum in field.Value.EnumerateObject())
                {
                    _data[datum.Name] = datum.Value.Clone();
                }
            }
            else if (!Known.Contains(field.Name))
            {
                Problem(new("wrong.unknown_in_row", FieldErrors.Cut(field.Name), Names));
            }
            else if (field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                Set(field.Name, field.Value.ToString());
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                Problem(field.Name, "wrong.not_bare", FieldErrors.Cut(field.Value.GetRawText()), new Sentence("form.text"));
            }
        }
    }

    public void AddTo(List<ToldRow> rows)
    {
        var row = new ToldRow(
            Text("kind"),
            Text("subject"),
            Text("recipient"),
            Instant("sent_at"),
            Number("version"),
            Instant("starts_at"),
            Text("channel"),
            Text("name"),
            _data.Count > 0 ? _data : null,
            Text("subject_type"),
            line
        );
        if (problems.Count == _problemsBefore)
        {
            rows.Add(row);
        }
    }

    private static bool IsKnown(string name) =>
        Known.Contains(name) || (name.StartsWith(Data + ".", StringComparison.Ordinal) && name.Length > 5);

    private string? Text(string name) => _texts.GetValueOrDefault(name);

    private long? Number(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Problem(name, "wrong.not", FieldErrors.Cut(text), new Sentence("form.whole_number"));
        return null;
    }

    /// <summary>With its offset: in which zone a clock without one stood, nobody can say afterwards.</summary>
    private DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (
            DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var clock)
            && clock.Kind != DateTimeKind.Unspecified
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
        )
        {
            return instant;
        }

        Problem(name, "wrong.not", FieldErrors.Cut(text), new Sentence("form.instant_of_file"));
        return null;
    }

    private void Problem(string field, string code, params ReadOnlySpan<object?> values) =>
        Problem(new(WrongFields.At, field, new Sentence(code, values.ToArray())));

    private void Problem(Sentence what) => problems.Add(ToldProblems.InLine(line, what));
}
