using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reminders.Cli;

internal static class Printing
{
    /// <summary>JSON for a terminal: the API's names, indented, letters as they are.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
