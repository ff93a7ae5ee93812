namespace Reminders.Web.Api;

/// <summary>The operators' endpoints in words.</summary>
internal static class OutboxTexts
{
    public static readonly EndpointText List = new(
        "ListOutbox",
        "List what waits for a person",
        $"""
        `state=uncertain` (the default): nobody can know whether these arrived, those soonest useless first. `state=dead`: given up,
        newest first. Narrow by `kind`, `channel` and `person`; `size` is 1 to 200, 50 by default. Give a page's `next` as `after`, with
        the same filters, for the following one: `/api/outbox?state=dead&kind=CONFIRM_2H&size=100`.
        {ListTexts.Search}
        """
    );

    public static readonly EndpointText Settle = new(
        "SettleMessage",
        "Say what became of a message in doubt",
        """
        Example: `{"delivered": true, "reason": "Anna says she has it"}`. It becomes sent or dead. 409 when it is not in doubt any more.
        """
    );

    public static readonly EndpointText Resend = new(
        "ResendMessage",
        "Send a message in doubt once more",
        """
        Example: `{"reason": "Anna says she has nothing"}`. The recipient may get it twice. It goes as a new message with the next
        number; pressed twice, it is sent once. 409 with the reason when the booking moved on, or it is past its use.
        """
    );

    public static readonly EndpointText Replay = new(
        "ReplayMessage",
        "Give a dead message another chance",
        """
        Example: `{"reason": "The bot's token was renewed"}`. It goes as a new message with the next number. 409 when it was replayed
        before, or would not be of use any more.
        """
    );

    public static readonly EndpointText ResendMany = new(
        "ResendMessages",
        "Send what is in doubt once more, by what it has in common",
        """
        Example: `{"incident": 7, "reason": "Telegram took nothing in these 40 seconds"}`; or by `channel`, `kind`, `since`, `until`. With
        `"dryRun": true` they are only counted. Takes up to 500, those soonest useless first; `more` says whether to ask again. Each is
        judged by itself, and sent once however often it is asked for.
        """
    );

    public static readonly EndpointText SettleMany = new(
        "SettleMessages",
        "Say what became of all in doubt that match",
        """
        Example: `{"channel": "telegram", "since": "2026-11-25T14:03:10Z", "until": "2026-11-25T14:03:50Z", "delivered": false, "reason": "…"}`;
        or by `incident` or `kind`. With `"dryRun": true` they are only counted. Takes up to 500; `more` says whether to ask again.
        """
    );

    public static readonly EndpointText ReplayMany = new(
        "ReplayMessages",
        "Replay the dead of a kind or cause",
        """
        Example: `{"kind": "CONFIRM_2H", "reasonContains": "unauthorized", "reason": "The bot's token was renewed"}`. Takes up to 500, the
        oldest first; `more` says whether to ask again. Each is judged by itself.
        """
    );
}
