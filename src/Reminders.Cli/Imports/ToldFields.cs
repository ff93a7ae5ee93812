using System.Globalization;
using System.Text.Json;
using Reminders.Imports;

namespace Reminders.Cli.Imports;

/// <summary>The fields of one row of a file, by their names. An empty value is none.</summary>
internal sealed class ToldFields(int line, List<string> problems)
{
    private const string Data = "data";

    private static readonly string[] Required = ["kind", "subject", "recipient", "sent_at"];
    private static readonly string[] Known = [.. Required, "subject_type", "version", "starts_at", "channel", "name"];

    public static string Names => $"{string.Join(", ", Required)}; where wanted {string.Join(", ", Known[Required.Length..])}, data.…";

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _data = new(StringComparer.Ordinal);
    private readonly int _problemsBefore = problems.Count;

    /// <summary>What is wrong with a header.</summary>
    public static string? ProblemOf(string[] header) =>
        Required.Except(header).FirstOrDefault() is { } missing ? $"the header has no column {missing}. There are {Names}."
        : header.FirstOrDefault(name => !IsKnown(name)) is { } unknown
            ? $"the header has '{unknown}', which is no column. There are {Names}."
        : header.GroupBy(name => name).FirstOrDefault(same => same.Skip(1).Any()) is { } twice ? $"the header has {twice.Key} twice."
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
            Problem($"is {row.ValueKind}: an object is expected.");
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
                Problem($"has '{field.Name}', which is no field. There are {Names}.");
            }
            else if (field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                Set(field.Name, field.Value.ToString());
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                Problem($"{field.Name} is {field.Value.GetRawText()}: a text is expected.");
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

        Problem($"{name} is '{text}': it should be a whole number.");
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

        Problem($"{name} is '{text}': it should be an instant with its offset, such as 2026-03-01T09:30:00Z or 2026-03-01 09:30:00+00.");
        return null;
    }

    private void Problem(string what) => problems.Add($"line {line}: {what}");
}
