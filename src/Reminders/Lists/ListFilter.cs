using System.Globalization;
using Reminders.Commands;
using Reminders.Words;
using Reminders.Zones;

namespace Reminders.Lists;

/// <summary>A <see cref="ListRequest"/> that could be read; null stands for any.</summary>
/// <param name="Owner">Whose rows; null for a caller who sees all.</param>
/// <param name="Recruiter">Whose bookings; null for a caller who is no recruiter in particular.</param>
internal sealed record ListFilter(
    string? Owner,
    string? State,
    string? Kind,
    string? Channel,
    string? Person,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    ListCursor? After,
    int Size,
    long? Recruiter = null
)
{
    /// <summary>What is looked for among messages, beside what narrows a list; null where nothing is.</summary>
    public MessageQuestion? Question { get; private init; }

    private const int Default = 50;
    private const int Most = 200;

    /// <param name="states">The states of that list.</param>
    /// <returns>Of no use when <paramref name="errors"/> has any.</returns>
    public static ListFilter Read(ListRequest request, string list, IReadOnlyList<string> states, Caller caller, FieldErrors errors)
    {
        errors.Text("kind", request.Kind, 64, required: false);
        errors.Text("channel", request.Channel, 32, required: false);
        errors.Text("person", request.Person, 200, required: false);
        var question = MessageQuestion.Read(request, errors);
        var (since, until) = (ReadInstant("since", request.Since, errors), ReadInstant("until", request.Until, errors));
        if (since is not null && until <= since)
        {
            errors.Add("until", "wrong.not_later", $"{until:O}", $"{since:O}");
        }

        return new(
            caller.SeesAll ? null : caller.Owner,
            ReadState(request.State, states, errors),
            Given(request.Kind),
            Given(request.Channel),
            Given(request.Person),
            since,
            until,
            ReadAfter(request.After, list, errors),
            ReadSize(request.Size, errors),
            caller.Recruiter
        )
        {
            Question = question,
        };
    }

    private static string? ReadState(string? given, IReadOnlyList<string> states, FieldErrors errors)
    {
        if (Given(given) is not { } state || states.Contains(state))
        {
            return Given(given);
        }

        errors.Add(
            "state",
            "wrong.not",
            FieldErrors.Cut(state),
            new Sentence("form.or", string.Join(", ", states.SkipLast(1)), states[^1])
        );
        return null;
    }

    private static DateTimeOffset? ReadInstant(string field, string? given, FieldErrors errors)
    {
        if (Given(given) is not { } text)
        {
            return null;
        }
        // In a query a plus that is not escaped is read as a space, and nothing else could stand there.
        if (ZonedInstant.TryRead(text.Replace(' ', '+'), out var instant))
        {
            return instant.ToUniversalTime();
        }

        errors.Add(field, "wrong.not", FieldErrors.Cut(text), new Sentence("form.instant"));
        return null;
    }

    private static ListCursor? ReadAfter(string? given, string list, FieldErrors errors)
    {
        if (Given(given) is not { } text)
        {
            return null;
        }

        if (ListCursor.Read(list, text) is { } cursor)
        {
            return cursor;
        }

        errors.Add("after", "wrong.not", FieldErrors.Cut(text), new Sentence("form.next_of_list"));
        return null;
    }

    private static int ReadSize(string? given, FieldErrors errors)
    {
        if (Given(given) is not { } text)
        {
            return Default;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= Most)
        {
            return size;
        }

        errors.Add("size", "wrong.size", FieldErrors.Cut(text), Most, Default);
        return Default;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
