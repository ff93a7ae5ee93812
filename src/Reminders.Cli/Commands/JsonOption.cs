using System.CommandLine;
using System.Text.Json;

namespace Reminders.Cli.Commands;

/// <summary><c>--json</c>: what a verb shows, for programs.</summary>
internal static class JsonOption
{
    public static readonly Option<bool> Json = new("--json") { Description = "As JSON, for programs." };

    public static bool IsJson(this ParseResult parsed) => parsed.GetValue(Json);

    /// <returns>The exit code.</returns>
    public static async Task<int> PrintAsync<T>(T what)
    {
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(what, Printing.Json));
        return 0;
    }
}
