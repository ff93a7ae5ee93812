using Reminders.Web.Api;

namespace Reminders.Web.Inbox;

/// <summary>The inbox's endpoints in words.</summary>
internal static class InboxTexts
{
    public static readonly EndpointText List = new(
        "ListNotifications",
        "Read one's inbox",
        """
        Newest first, 20 to a page. Narrow by `is_read` (true or false), `notification_type` and `ticket`. Follow `next` and
        `previous`: with them no notification is left out or comes twice, whatever arrives meanwhile. `page=N` works as well, but
        moves on with every new notification.
        """
    );

    public static readonly EndpointText Unread = new(
        "ListUnreadNotifications",
        "Read what is unread",
        """
        The list with `is_read=false`; it takes the same filters.
        """
    );

    public static readonly EndpointText UnreadCount = new(
        "CountUnreadNotifications",
        "Count what is unread",
        """
        Example: `{"total": 3, "by_type": {"TICKET_ASSIGNED": 2, "TICKET_COMMENTED": 1}}`.
        """
    );

    public static readonly EndpointText MarkAsRead = new(
        "MarkNotificationAsRead",
        "Mark one as read",
        """
        Answers it as it is then. Marked again, it keeps the time it was first read. Another person's is a 404.
        """
    );

    public static readonly EndpointText Ticket = new(
        "IssueTicket",
        "Get a ticket for the live connection",
        """
        `{"ticket": "rw_…", "expiresAt": "…"}`: opens one connection, `/ws/notifications/?token=rw_…`, within a minute, on any node. For
        browsers, which cannot send a header there; the access token itself is not taken from an address.
        """
    );

    public static readonly EndpointText MarkAllAsRead = new(
        "MarkAllNotificationsAsRead",
        "Mark all as read",
        """
        Answers how many were unread, `{"count": 7}`, and 0 the second time. Requests at the same time count each notification once.
        """
    );
}
