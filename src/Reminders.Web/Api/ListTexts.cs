namespace Reminders.Web.Api;

/// <summary>The lists in words.</summary>
internal static class ListTexts
{
    private const string Paging =
        "`since` (then or later) and `until` (before then) are instants with their offset. `size` is 1 to 200, 50 by "
        + "default. Give a page's `next` as "
        + "`after`, with the same filters, for the following one; it is null on the last. A key sees its owner's; one with `operate` "
        + "sees every owner's, or one's by `owner`.";

    /// <summary>What messages are looked for by, beside what narrows a list.</summary>
    public const string Search =
        "Looked for by `about` (a booking's id, or the key of another subject, with or without its type before it), `name` (the "
        + "recipient's reference, or the beginning of their name), `providerId` (what the provider calls it) and `reason` (a reason's "
        + "code, or a part of what is said of one, or of what the provider said). For the last two, for a kind or channel, and for "
        + "people who are told very much, some ten thousands are looked through at once: `lookedTo` says how far that was, and `next` "
        + "goes on from there.";

    public static readonly EndpointText Bookings = new(
        "ListBookings",
        "List bookings",
        $"""
        In the order they begin. Narrow by `state` (proposed, approved, confirmed, declined or cancelled), by `person` (the reference of
        the candidate or the recruiter), and by the start: `/api/bookings?state=approved&since=2027-03-01T00:00:00Z`.
        {Paging}
        """
    );

    public static readonly EndpointText People = new(
        "ListRecipients",
        "List people",
        $"""
        The newest first, addresses masked. Narrow by `channel`, by the `state` of an address (reachable, unreachable or opted_out; with
        `channel`, of that one), by `person` (the reference), and by when they were first written:
        `/api/recipients?channel=telegram&state=unreachable`. Who was forgotten is not among them.
        {Paging}
        """
    );

    public static readonly EndpointText Messages = new(
        "ListMessages",
        "List messages, whatever their state",
        $"""
        The newest first. Narrow by `state` (pending, sending, retry, sent, uncertain, dead or cancelled), `kind`, `channel`, `person` (the
        recipient's reference), and by when they were written: `/api/messages?state=dead&kind=CONFIRM_2H`. What waits for a person
        has a list of its own, the most urgent first: `/api/outbox`.
        {Search}
        {Paging}
        """
    );

    public static readonly EndpointText Suppressions = new(
        "ListSuppressions",
        "List what was asked for again and not obeyed",
        $"""
        One item for the row that was in the way and the rule that decided, the newest first. Narrow by that row's `state` (planned,
        waiting, fired, skipped or cancelled), its `kind`, `person` (the recipient's reference), and by when it first
        happened: `/api/suppressions?kind=CONFIRM_2H`.
        {Paging}
        """
    );
}
