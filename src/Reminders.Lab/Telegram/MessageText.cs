using System.Text;
using System.Text.Unicode;

namespace Reminders.Lab.Telegram;

/// <summary>
/// What becomes of a text on its way in: entities parsed away, white space around it cut, length counted in code points.
/// The complaints come in two steps, as from the real server: those of the Bot API itself before the chat is looked up,
/// the others after it.
/// </summary>
internal static class MessageText
{
    private const int MaxBytes = 1 << 15;
    private const int MaxCodePoints = 4096;

    public static bool TryRead(BotArguments arguments, out string text, out TextEntity[] entities, out string error)
    {
        (text, entities) = ("", []);
        var raw = arguments["text"u8];
        error =
            raw.IsEmpty ? "message text is empty"
            : raw.Length > MaxBytes ? "text is too long"
            : !Utf8.IsValid(raw) ? "strings must be encoded in UTF-8"
            : "";
        if (error.Length > 0)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(raw);
        var parseMode = arguments["parse_mode"u8];
        IReadOnlyList<TextEntity> marked = [];
        if (!parseMode.IsEmpty && !TextMarkup.TryStrip(arguments.Text("parse_mode"u8), ref text, out marked, out error))
        {
            return false;
        }

        var cut = text.Length - text.TrimStart().Length;
        text = text.Trim();
        entities = TextEntity.Within(marked, cut, text.Length);
        return true;
    }

    /// <summary>The complaint about a text whose chat is fine; empty when there is none.</summary>
    public static string Complaint(string text) =>
        text.Length == 0 ? "text must be non-empty"
        : text.Length > MaxCodePoints && CodePoints(text) > MaxCodePoints ? "message is too long"
        : "";

    private static int CodePoints(string text)
    {
        var count = 0;
        foreach (var unit in text)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count;
    }
}
