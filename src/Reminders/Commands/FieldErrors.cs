using System.Diagnostics.Contracts;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Commands;

/// <summary>
/// Collects what is wrong, field by field, so that a caller hears all of it at once: the first hundred, since a body of two
/// million wrong numbers would otherwise be answered at thirty times its length.
/// </summary>
[Pure]
internal sealed class FieldErrors
{
    public const int Most = 100;

    /// <summary>The name under which an answer says that it does not hold everything.</summary>
    public const string More = "more";

    private readonly Dictionary<string, Sentence[]> _errors = new(StringComparer.Ordinal);

    /// <summary>How many messages there are.</summary>
    public int Count { get; private set; }

    public WrongFields All => new(_errors);

    /// <summary>Nothing more is noted: who goes through a long list may stop.</summary>
    public bool IsFull => Count >= Most;

    /// <param name="code">What is wrong, as both languages have words for it; the field's name stands before them.</param>
    public void Add(string field, string code, params ReadOnlySpan<object?> values) => Add(field, new Sentence(code, values.ToArray()));

    public void Add(string field, Sentence problem) => AddMessage(field, new(WrongFields.At, field, problem));

    /// <summary>Takes over what another found, as far as there is room.</summary>
    public void Add(WrongFields others)
    {
        foreach (var (field, messages) in others.Said)
        {
            foreach (var message in messages)
            {
                AddMessage(field, message);
            }
        }
    }

    private void AddMessage(string field, Sentence message)
    {
        if (IsFull)
        {
            return;
        }

        Count++;
        _errors[field] = _errors.TryGetValue(field, out var there) ? [.. there, message] : [message];
        if (IsFull)
        {
            _errors[More] = [new("wrong.maybe_more", Most)];
        }
    }

    /// <summary>Text as PostgreSQL and people can take it: no NUL, no lone surrogate, not too long.</summary>
    public void Text(string field, string? value, int longest, bool required)
    {
        if (value?.Length > longest && TextCapacity.CodePoints(value) is var length && length > longest)
        {
            Add(field, "wrong.too_long", length, Cut(value), longest);
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            if (required)
            {
                Add(field, "wrong.required_text", longest);
            }

            return;
        }
        if (value.Contains('\0'))
        {
            Add(field, "wrong.nul");
        }

        if (HasLoneSurrogate(value))
        {
            Add(field, "wrong.half_pair");
        }
    }

    /// <summary>A text that stands in one line of tables and logs, such as a name: a line break or an ESC in it could write
    /// others.</summary>
    public void Line(string field, string? value, int longest, bool required)
    {
        Text(field, value, longest, required);
        if (value?.Any(c => c != '\0' && IsBreak(c)) == true)
        {
            Add(field, "wrong.no_line", Cut(value));
        }
    }

    /// <summary>A name that people choose and that stands as one segment of a path: no client sends a segment of one or two dots.</summary>
    public void Name(string field, string? value, int longest, bool required)
    {
        Line(field, value, longest, required);
        if (value?.Trim() is "." or "..")
        {
            Add(field, "wrong.dots", value);
        }
    }

    /// <summary>A value as an answer quotes it: short, and without what a terminal would obey.</summary>
    public static string Cut(string value) => OutsideText.Clean((value.Length <= 64 ? value : value[..64]).Replace('\0', '␀'), 40);

    private static bool IsBreak(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';

    private static bool HasLoneSurrogate(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i]))
            {
                continue;
            }

            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
            {
                return true;
            }

            i++;
        }
        return false;
    }
}
