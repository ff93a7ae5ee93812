using System.Globalization;
using System.Text.RegularExpressions;

namespace Samples.TicketDesk;

/// <summary>What somebody entered, read field by field. All that is wrong with it is said at once, with the value.</summary>
public sealed partial class Entered(DateTimeOffset now)
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(365);

    private readonly Dictionary<string, string[]> _errors = [];

    public string Text(string field, string? value, int shortest, int longest)
    {
        var text = value?.Trim() ?? "";
        if (text.Length < shortest || text.Length > longest)
        {
            Wrong(field, $"is '{Cut(text)}', which has {text.Length} characters: {shortest} to {longest} are needed.");
        }
        else if (text.FirstOrDefault(letter => char.IsControl(letter) && letter is not ('\n' or '\t')) is var letter and not '\0')
        {
            Wrong(field, $"has the control character U+{(int)letter:X4}.");
        }
        else if (text.Contains('\0', StringComparison.Ordinal))
        {
            Wrong(field, "has the control character U+0000.");
        }

        return text;
    }

    /// <summary>An instant with its offset, at least so far ahead and within a year. Left out, it is null.</summary>
    public DateTimeOffset? Due(string field, string? value, TimeSpan lead)
    {
        if (value is null)
        {
            return null;
        }

        if (
            !Instant().IsMatch(value)
            || !DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var due)
        )
        {
            Wrong(field, $"is '{Cut(value)}': it should be an instant such as 2027-03-01T12:00:00Z.");
            return null;
        }

        if (due <= now)
        {
            Wrong(field, $"is {due:u}, which is in the past: it is now {now:u}.");
        }
        else if (due < now + lead)
        {
            Wrong(field, $"is {due:u}: it must be at least {lead.TotalMinutes} minutes ahead of now ({now:u}).");
        }
        else if (due > now + Furthest)
        {
            Wrong(field, $"is {due:u}, more than a year ahead of now ({now:u}).");
        }

        // As PostgreSQL keeps it: what is kept and what was given are the same instant.
        return due.AddTicks(-(due.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    public T Choice<T>(string field, string? value)
        where T : struct, Enum
    {
        foreach (var one in Enum.GetValues<T>())
        {
            if (Wire.Name(one) == value)
            {
                return one;
            }
        }

        Wrong(field, $"is '{Cut(value)}': it should be {string.Join(", ", Enum.GetValues<T>().Select(Wire.Name))}.");
        return default;
    }

    public void Wrong(string field, string what) => _errors.TryAdd(field, [$"{field} {what}"]);

    /// <exception cref="EnteredWrongException">Something was wrong.</exception>
    public void Accept()
    {
        if (_errors.Count > 0)
        {
            throw new EnteredWrongException(_errors);
        }
    }

    private static string Cut(string? value) => value is { Length: > 40 } ? $"{value[..40]}…" : value ?? "";

    // Without an offset nobody knows whose clock is meant.
    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Instant();
}

/// <summary>What was entered cannot be taken.</summary>
public sealed class EnteredWrongException(IReadOnlyDictionary<string, string[]> errors) : Exception("Some of it is wrong.")
{
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;
}

/// <summary>It could be done at another time, and not as things stand.</summary>
public sealed class NotNowException(string message) : Exception(message);
