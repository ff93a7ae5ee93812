namespace Reminders.Lab.Bench;

/// <param name="Booking">One that is over, with its messages.</param>
/// <param name="Next">One to come.</param>
internal sealed record PageSubjects(
    string Booking,
    string Next,
    long Sent,
    long Dead,
    long Doubt,
    long Person,
    string Reference,
    string Name
);

/// <summary>Every page of the console and every list of the API, each as people ask for it.</summary>
internal static class PageList
{
    /// <summary>As whoever sees all.</summary>
    public static IEnumerable<string> Console(PageSubjects one, DateOnly today) =>
        [
            "/overview",
            "/overview?span=month",
            "/cluster",
            "/doctor",
            .. Days(today),
            $"/bookings/{one.Booking}",
            $"/bookings/{one.Next}",
            .. ((string[])["move", "give", "cancel"]).Select(act => $"/bookings/{one.Next}/{act}"),
            "/outbox",
            .. ((string[])["pending", "sending", "retry", "sent", "uncertain", "dead", "cancelled"]).Select(state =>
                $"/outbox?state={state}"
            ),
            "/outbox?state=sent&kind=NO_ANSWER_1H&channel=telegram",
            "/outbox?state=dead&kind=CONFIRM_2H",
            "/outbox?state=uncertain&channel=telegram",
            "/outbox?kind=CANDIDATE_DECLINED",
            $"/outbox?person={one.Reference}",
            $"/outbox?person={Uri.EscapeDataString(one.Name)}",
            "/outbox?person=recruiter-1",
            "/outbox?person=recruiter-1&state=dead",
            $"/outbox?about={one.Booking}",
            "/outbox?provider=no-such-number",
            "/outbox?state=sent&reason=no+such+reason",
            "/outbox?state=dead&reason=no+such+reason",
            "/outbox?state=uncertain&reason=node_lost",
            $"/messages/{one.Sent}",
            $"/messages/{one.Dead}/replay",
            $"/messages/{one.Doubt}/resend",
            "/outbox/many/replay?kind=CONFIRM_2H",
            "/outbox/many/resend?kind=CONFIRM_2H",
            "/channels/telegram/pause",
            "/kinds/CONFIRM_2H/pause",
            "/kinds",
            "/kinds/CONFIRM_2H",
            "/quartz",
            "/quartz?kind=CONFIRM_2H",
            "/suppressed",
            "/suppressed?kind=CONFIRM_2H",
            "/suppressed?rule=no+such+rule",
            "/audit",
            $"/audit?about=booking%20{one.Booking}",
            $"/find?q={Uri.EscapeDataString(one.Name)}",
            "/find?q=An",
            "/find?q=nobody",
            $"/people/{one.Person}",
            "/accounts",
            "/keys",
        ];

    /// <summary>As a recruiter.</summary>
    public static IEnumerable<string> Recruiter(DateOnly today) => Days(today);

    public static IEnumerable<string> Api(PageSubjects one) =>
        [
            "/bookings",
            "/bookings?state=declined",
            $"/bookings?person={one.Reference}",
            $"/bookings/{one.Booking}",
            $"/bookings/{one.Booking}/explain",
            "/recipients",
            "/recipients?channel=telegram&state=unreachable",
            $"/recipients?person={one.Reference}",
            "/messages",
            .. ((string[])["pending", "sending", "retry", "sent", "uncertain", "dead", "cancelled"]).Select(state =>
                $"/messages?state={state}"
            ),
            "/messages?kind=CANDIDATE_DECLINED",
            $"/messages?person={one.Reference}",
            "/outbox?state=uncertain",
            "/outbox?state=dead",
            "/outbox?state=dead&kind=CANDIDATE_DECLINED",
            "/outbox?state=uncertain&reason=no+such+reason",
            $"/messages?about={one.Booking}",
            "/messages?providerId=no-such-number",
            "/messages?reason=no+such+reason",
            "/suppressions",
            $"/suppressions?person={one.Reference}",
            "/audit",
            "/channels",
            "/kinds",
            "/doctor",
        ];

    private static IEnumerable<string> Days(DateOnly today) =>
        [
            "/day",
            $"/day?date={today.AddDays(1):yyyy-MM-dd}",
            $"/day?date={today.AddDays(-3):yyyy-MM-dd}",
            "/day?date=2031-01-05",
            "/day?view=week",
            "/day?view=needs",
        ];
}
