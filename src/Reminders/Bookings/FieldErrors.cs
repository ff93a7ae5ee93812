using System.Text;
using Reminders.Channels;

namespace Reminders.Bookings;

/// <summary>Collects what is wrong, field by field, so that a caller hears all of it at once.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> All => errors;

    public void Add(string field, string problem)
    {
        var message = $"{field} {problem}";
        errors[field] = errors.TryGetValue(field, out var there) ? [.. there, message] : [message];
    }

    /// <summary>Text as PostgreSQL and people can take it: no NUL, no lone surrogate, not too long.</summary>
    public void Text(string field, string? value, int longest, bool required)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            if (required)
                Add(field, $"is required: 1 to {longest} characters.");
            return;
        }
        if (value.Length > longest && TextCapacity.CodePoints(value) is var length && length > longest)
            Add(field, $"has {length} characters ('{Cut(value)}'): at most {longest} are allowed.");
        if (value.Contains('\0'))
            Add(field, "contains a NUL character, which no text may.");
        if (value.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) && !value.Contains('\uFFFD'))
            Add(field, "contains half a surrogate pair, which is no character.");
    }

    public static string Cut(string value) =>
        value.Length <= 40 ? value.Replace('\0', '␀') : string.Concat(value.AsSpan(0, 40), "…").Replace('\0', '␀');
}
