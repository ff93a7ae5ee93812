namespace Reminders.Inbox;

/// <summary>Which items; null stands for all.</summary>
/// <param name="Ticket">The key of a subject of type <c>ticket</c>.</param>
internal sealed record InboxFilter(bool? IsRead = null, string? Kind = null, string? Ticket = null);

/// <summary>Where a page begins, in a list whose newest items come first.</summary>
/// <param name="Backwards">Towards the newer ones: those after <paramref name="Cursor"/>, and of them the oldest.</param>
internal readonly record struct InboxPlace(long Cursor, bool Backwards = false, int Skip = 0)
{
    public static InboxPlace Before(long cursor) => new(cursor);

    public static InboxPlace After(long cursor) => new(cursor, Backwards: true);

    /// <param name="page">From 1. Counted from the newest: with every new item, what stands on a page moves on.</param>
    public static InboxPlace Page(int page) => new(long.MaxValue, Skip: (page - 1) * InboxPage.Size);
}

/// <summary>A page of a person's inbox, newest first.</summary>
/// <param name="Count">Of all that match, on whatever page.</param>
/// <param name="Older">Where the next page begins; null on the last.</param>
/// <param name="Newer">Where the page before begins; null on the first.</param>
internal sealed record InboxPage(long Count, InboxPlace? Older, InboxPlace? Newer, IReadOnlyList<InboxItem> Items)
{
    public const int Size = 20;

    /// <param name="found">Newest first, with one more than fit if there are any beyond them.</param>
    /// <param name="passed">Whether any lie on the other side of <paramref name="place"/>.</param>
    public static InboxPage Of(long count, InboxPlace place, bool passed, List<InboxItem> found)
    {
        var more = found.Count > Size;
        // The surplus is the one farthest from where the page begins.
        if (more)
        {
            found.RemoveAt(place.Backwards ? 0 : Size);
        }

        var (newer, older) = place.Backwards ? (more, passed) : (passed, more);
        var (first, last) =
            found.Count > 0 ? (found[0].Cursor, found[^1].Cursor)
            : place.Backwards ? (place.Cursor, place.Cursor + 1)
            : (place.Cursor - 1, place.Cursor);
        return new(count, older ? InboxPlace.Before(last) : null, newer ? InboxPlace.After(first) : null, found);
    }
}
