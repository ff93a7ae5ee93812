using System.Text.Encodings.Web;
using System.Text.Json;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Cli;

internal static class Printing
{
    /// <summary>JSON for a terminal: the API's names, indented, letters as they are.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A text from outside as it may stand in a line: whoever chose it cannot begin another, or command the terminal.</summary>
    public static string OneLine(string text) => OutsideText.Clean(text);

    /// <summary>What this command has to say, in the language of whoever typed it; what came from outside cannot break its line.</summary>
    public static string Say(string code, params ReadOnlySpan<object?> values) =>
        OneLine(Engine.Words.Of(new Sentence(code, values.ToArray())));

    /// <summary>The same, of a text whose lines are ours.</summary>
    public static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => OutsideText.Clean(line.TrimEnd('\r'), line.Length + 1)));

    private static readonly JsonSerializerOptions Figures = new(Json) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions FiguresOnOneLine = new(Figures) { WriteIndented = false };

    /// <summary>Prints what was measured as JSON, as benchmarks are compared: names in snake_case.</summary>
    /// <returns>The exit code: it was measured.</returns>
    public static async Task<int> ShowFiguresAsync<T>(T result, bool indented = true)
    {
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, indented ? Figures : FiguresOnOneLine));
        return 0;
    }
}
