using System.Net.WebSockets;

namespace Reminders.Web.Inbox;

/// <summary>Why a live connection ends, as the client is told. After each but <see cref="NoAccess"/> and <see cref="TooMany"/> it may come
/// back with its cursor.</summary>
/// <param name="Name">For metrics.</param>
internal sealed record SocketEnd(string Name, WebSocketCloseStatus Status, string Reason)
{
    public static readonly SocketEnd Left = new("left", WebSocketCloseStatus.NormalClosure, "");

    /// <summary>The line is dead: there is nobody to tell.</summary>
    public static readonly SocketEnd Lost = new("lost", WebSocketCloseStatus.Empty, "");

    public static readonly SocketEnd NodeStops = new(
        "node_stops",
        WebSocketCloseStatus.EndpointUnavailable,
        "This node stops. Connect again with your cursor."
    );

    public static readonly SocketEnd NoAccess = new(
        "no_access",
        (WebSocketCloseStatus)4401,
        "The access token has expired or was revoked."
    );

    public static readonly SocketEnd TooMany = new(
        "too_many",
        (WebSocketCloseStatus)4429,
        "You opened more live connections than one person may have here; this was the oldest."
    );

    public static readonly SocketEnd TooSlow = new(
        "too_slow",
        (WebSocketCloseStatus)4008,
        "You read too slowly. Connect again with your cursor."
    );
}
