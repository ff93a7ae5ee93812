namespace Reminders.Web.Api;

/// <summary>The notification and recipient endpoints in words.</summary>
internal static class NotificationTexts
{
    public static readonly EndpointText Ask = new(
        "AskForNotification",
        "Ask for a notification",
        """
        One notification of a kind, about one subject, for each of its recipients. Examples:

        ```json
        {"kind": "CART_ABANDONED", "subject": "cart-42", "recipients": ["user-7"], "data": {"cart_hash": "9f2c", "items": "a lamp", "url": "https://shop.example.com/cart"}}
        {"kind": "CUSTOMER_CREATED", "subject": "customer-11", "group": "sales", "data": {"customer": "Example Ltd"}}
        {"kind": "TICKET_ASSIGNED", "subject": "ticket-5", "version": 3, "recipients": ["user-7"], "data": {"title": "Printer", "by": "Rita"}, "delaySeconds": 60}
        ```

        `version`, for kinds told once per version, is from 1 to 9·10^15 and grows when what people must be told changes.
        `kind` is a declared kind without `On`, and `data` is what it declares. Recipients are references of people kept by
        `PUT /api/recipients`, at most 10,000, or a `group`. It is due after the kind's delay, unless `due` (an instant with
        its offset, at most a year ahead) or `delaySeconds` says otherwise. The answer has one line per recipient: `planned`,
        `suppressed` (with the ledger's row and the rule that decided) or `refused` (with the reason). The same request
        again, on any node and at the same time, plans nothing twice.
        """
    );

    public static readonly EndpointText Cancel = new(
        "CancelNotifications",
        "Close a subject",
        """
        `DELETE /api/notifications?type=cart&subject=cart-42`: what is not yet sent about the subject is not sent any more.
        `cancelled` counts the recipients that were spared. Asking for a notification about it opens it again.
        """
    );

    public static readonly EndpointText Explain = new(
        "ExplainSubject",
        "What happened to the notifications about a subject, and why",
        """
        `GET /api/notifications/explain?type=cart&subject=cart-42`: for each recipient the story in order, from planning to what
        was delivered, read or left out, and each suppressed request with the row and the rule that decided. A hundred
        recipients at a time: `more` says how many follow, and `next` is what to give as `after` for them. In the language of
        `Accept-Language`, `en` or `ru`; `code` and `values` are the same in both.
        """
    );

    public static readonly EndpointText Keep = new(
        "KeepRecipients",
        "Write people",
        """
        Up to 10,000 at once, new or known by their reference. References are your owner's own: another owner's person of the
        same reference is another person. Example:

        ```json
        {"recipients": [{"reference": "user-7", "name": "Anna", "locale": "ru", "zone": "Europe/Moscow",
          "addresses": {"telegram": "1001", "email": "anna@example.com", "whatsapp": "+49 151 23456789"},
          "quietHours": {"from": "22:00", "to": "08:00"},
          "preferences": [{"channel": "whatsapp", "wanted": false}, {"kind": "TICKET_COMMENT", "channel": "email", "wanted": false}]}]}
        ```

        What is left out stays as it is; `preferences`, where given, replaces those given before. Who opted out stays so, and so does an
        address whose holder did, whoever it is given to.
        """
    );

    public static readonly EndpointText Show = new(
        "GetRecipient",
        "Read a person",
        """
        The reference is one segment of the path, percent-encoded as by `encodeURIComponent`: `team/7` is
        `/api/recipients/team%2F7`. This holds for every path with a reference or a group's name in it.

        With their addresses (`reachable`, `unreachable` with the reason, `opted_out`), preferences and groups.
        """
    );

    public static readonly EndpointText Unbind = new(
        "UnbindAddress",
        "Take an address away from a person",
        """
        `DELETE /api/recipients/user-7/addresses/telegram?reason=wrong%20chat`. What waits for it goes over another channel of its kind,
        or the recruiter is told; buttons and links in what was sent there are worth nothing any more. With the chat goes the start
        code: the answer has the new one, for the person's right chat. A chat is never moved by a code alone.
        """
    );

    public static readonly EndpointText Renew = new(
        "RenewStartCode",
        "Give a person a new start code",
        """
        The old one, and the link with it, binds nobody any more. Who is bound already stays bound. `channel` says whose bot the link
        is to open, where there are several: `?channel=bot-a`.
        """
    );

    public static readonly EndpointText Group = new(
        "KeepGroup",
        "Say who belongs to a group",
        """
        `{"members": ["user-7", "user-8"]}`: these and nobody else. A group that does not exist yet is made.
        """
    );
}
