namespace Reminders.Web.Api;

/// <summary>The booking endpoints in words.</summary>
internal static class BookingTexts
{
    public static readonly EndpointText Create = new(
        "CreateBooking",
        "Propose a slot",
        """
        Nothing is sent before the slot is approved. Example:

        ```json
        {
          "title": "Backend engineer",
          "place": "https://meet.example.com/abc",
          "startsAt": "<in a month>",
          "candidate": { "name": "Anna", "locale": "ru", "zone": "Europe/Moscow", "reference": "crm-4711" },
          "recruiter": { "name": "Rita", "telegramChatId": 9001 }
        }
        ```

        `startsAt` needs its offset and lies within a year. A person's `reference` is your own id of them; without a
        `telegramChatId` they become reachable by opening the `startLink` in the answer.
        """
    );

    public static readonly EndpointText ApproveMany = new(
        "ApproveBookings",
        "Approve up to 1000 slots at once",
        """
        Example: `{"ids": ["0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d"]}`. Each is judged by itself: the answer has one result per id,
        `approved`, `unchanged`, `refused` (with the reason) or `not_found`.
        """
    );

    public static readonly EndpointText Get = new(
        "GetBooking",
        "Read a booking",
        """
        `status` is proposed, approved, confirmed, declined or cancelled. `scheduleVersion` grows when, and only when, what the
        candidate must be told changes.
        """
    );

    public static readonly EndpointText Approve = new(
        "ApproveBooking",
        "Approve a slot, and plan its reminders",
        """
        Approving again, however often and from wherever, sends nothing twice. Approving a cancelled booking reinstates it, and it is
        announced anew. Refused with 409 once the slot has begun.
        """
    );

    public static readonly EndpointText AskAgain = new(
        "AskAgain",
        "Ask a candidate again who declined",
        """
        Or whose slot was called off: it is approved once more, and announced anew. Refused with 409 in any other state, and once the slot
        has begun. Asked twice, it is refused the second time.
        """
    );

    public static readonly EndpointText Move = new(
        "MoveBooking",
        "Move a slot to another instant",
        """
        Example: `{"startsAt": "<a day later>"}`. What was planned for the old time is not sent any more, and a reminder that
        was delivered is edited to say so. Moving it to where it is changes nothing.
        """
    );

    public static readonly EndpointText Cancel = new(
        "CancelBooking",
        "Call a slot off",
        """
        Nothing more is sent about it, and a delivered reminder is edited to say so. Cancelling again changes nothing.
        """
    );

    public static readonly EndpointText Answer = new(
        "AnswerBooking",
        "Record an answer that came by no button",
        """
        Example: `{"answer": "confirm", "by": "Rita", "how": "phone", "reason": "She never saw the message"}`; `answer` is `confirm`,
        `decline` or another that a kind about bookings declares, `by` who heard it, `how` it came. It does what a press would, by the
        same rules: who confirmed may still decline, who declined may not confirm (409). The same again changes nothing, and `changed` is false. It says nothing about whether a
        message was delivered. Kept with its caller, and told by `explain`.
        """
    );

    public static readonly EndpointText Candidate = new(
        "ChangeCandidate",
        "Give a slot to somebody else",
        """
        Example: `{"candidate": {"name": "Boris", "reference": "crm-4712"}}`. The new candidate is reminded, and what the former one was
        sent is edited. Naming the same person again updates their particulars only.
        """
    );

    public static readonly EndpointText Reminders = new(
        "GetReminders",
        "List a booking's reminders",
        """
        One per kind, version and recipient, with the messages sent for it. `suppressed` counts how often the same was asked for again
        and not obeyed. A hundred at a time: where more follow, the header `Link` names the next page.
        """
    );

    public static readonly EndpointText Explain = new(
        "ExplainBooking",
        "Tell what happened, and why",
        """
        For each reminder, in order: who planned it, what was suppressed and by which row and rule, every attempt, press, edit and
        operator's action. `summary` says in one sentence how it stands. A hundred reminders at a
        time: `more` says how many follow, and `next` is what to give as `after` for them.

        Sentences are in the language of `Accept-Language`, `en` or `ru`; `code` and `values` are the same in both, for a client with
        words of its own. What a provider or a person said is quoted as it came.
        """
    );
}
