using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Lists;

/// <param name="Ids">Of the messages of this page, in their order.</param>
/// <param name="Next">Where to go on; null where nothing is left.</param>
/// <param name="LookedTo">How far it looked, where it stopped before the end.</param>
/// <param name="Problem">What is wrong with the name; then nothing was looked for.</param>
internal sealed record FoundMessages(long[] Ids, ListCursor? Next = null, DateTimeOffset? LookedTo = null, Sentence? Problem = null);

/// <summary>
/// Finds messages by what somebody has of them. What a subject or some people were told is found by its identity, all of it. For what a
/// provider calls a message, or said of it, there is no index, because settling would have to keep it: so many of the newest are looked
/// through, and whoever asks is told how far that was, and goes on if they like.
/// </summary>
internal sealed class MessageSearch(RemindersDb db)
{
    // Some 50 ms when they are in memory. The dead and the doubts are each on a page of their own.
    public const int LookedThrough = 30_000;
    public const int LookedThroughOfFew = 6_000;
    private const int MostPeople = 100;
    private const string Written = "Lists/Sql/search-written.sql";
    private const string Dead = "Lists/Sql/search-dead.sql";
    private const string Held = "Lists/Sql/search-held.sql";
    private const string Of = "Lists/Sql/search-of.sql";
    private const int MostOccurrences = 5000;

    /// <summary>
    /// Whether it is asked for what a search finds: also by a kind, a channel or a state that there may be none of among millions. An
    /// owner's and a person's are found by who they are, and what is not sent yet has an index of its own.
    /// </summary>
    public static bool Serves(ListFilter filter) =>
        filter.Question is not null
        || filter is { Owner: null, Person: null }
            && (filter.State is null ? filter.Kind ?? filter.Channel : filter.State) is not (null or "pending" or "retry" or "sending");

    public async Task<FoundMessages> FindAsync(ListFilter filter, CancellationToken cancellationToken)
    {
        var question = filter.Question ?? new(null, null, null, null);
        var people = question.Name is null && filter.Person is null ? null : await PeopleAsync(filter, cancellationToken);
        if (people?.Length > MostPeople)
        {
            return new([], Problem: new("wrong.many_people", question.Name, MostPeople));
        }

        var occurrences =
            question.About is not null ? await IdsAsync("Lists/Sql/search-about.sql", cancellationToken, question.About, MostOccurrences)
            : people is not null ? await IdsAsync("Lists/Sql/search-theirs.sql", cancellationToken, people, MostOccurrences + 1)
            : null;
        // Of somebody who is told that much one of the newest is soon found.
        var isDirect = question.About is not null || occurrences?.Length <= MostOccurrences;
        return isDirect && occurrences!.Length == 0 || people?.Length == 0
            ? new([])
            : await LookAsync(filter, people, isDirect ? occurrences : null, cancellationToken);
    }

    private async Task<FoundMessages> LookAsync(ListFilter filter, long[]? people, long[]? occurrences, CancellationToken cancellationToken)
    {
        var way =
            occurrences is not null ? Of
            : filter.State == MessageState.Dead.ToColumn() ? Dead
            : filter.State == MessageState.Uncertain.ToColumn() ? Held
            : Written;
        var from = filter.After ?? (way == Held ? new(DateTimeOffset.UnixEpoch, 0) : new(DateTimeOffset.MaxValue, long.MaxValue));
        await using var look = db.Command(Statement.Named(way))
            .With(from.At.UtcDateTime, from.Id, way is Dead or Held ? LookedThroughOfFew : LookedThrough, filter.Size + 1)
            .With(filter.State, filter.Kind, filter.Channel, people, occurrences)
            .With(
                filter.Question?.ProviderId,
                filter.Question?.Reasons,
                filter.Owner,
                filter.Since?.UtcDateTime,
                filter.Until?.UtcDateTime
            );
        await using var reader = await look.ExecuteReaderAsync(cancellationToken);
        var (found, end) = (new List<ListCursor>(), (ListCursor?)null);
        while (await reader.ReadAsync(cancellationToken))
        {
            var one = new ListCursor(reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(0));
            if (reader.GetBoolean(2))
            {
                end = one;
            }
            else
            {
                found.Add(one);
            }
        }

        var page = found.Take(filter.Size).ToArray();
        return found.Count > filter.Size ? new(Ids(page), page[^1]) : new(Ids(page), end, end?.At);
    }

    private static long[] Ids(ListCursor[] page) => [.. page.Select(one => one.Id)];

    private Task<long[]> PeopleAsync(ListFilter filter, CancellationToken cancellationToken) =>
        IdsAsync("Lists/Sql/search-people.sql", cancellationToken, filter.Question?.Name, filter.Person, MostPeople + 1, filter.Owner);

    private async Task<long[]> IdsAsync(string statement, CancellationToken cancellationToken, params object?[] values)
    {
        await using var find = db.Command(Statement.Named(statement)).With(values);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var ids = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetInt64(0));
        }

        return [.. ids];
    }
}
