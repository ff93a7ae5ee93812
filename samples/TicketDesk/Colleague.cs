using System.Text.Json;

namespace Samples.TicketDesk;

/// <summary>How somebody wants to hear of tickets. All of them are in the inbox and on the socket, whichever it is.</summary>
public enum NotificationType
{
    System,
    Email,
    WhatsApp,
}

public sealed class Colleague
{
    /// <summary>As the sign-in names them (<c>sub</c>), and the reference that the engine knows them by.</summary>
    public required string Id { get; set; }

    public required string Name { get; set; }
    public string? Email { get; set; }
    public string? Phone { get; set; }
    public NotificationType NotificationType { get; set; }
}

/// <summary>What a value is called outside: <c>in_progress</c>, <c>WHATSAPP</c>.</summary>
public static class Wire
{
    public static string Name<T>(T value)
        where T : struct, Enum =>
        value is NotificationType ? value.ToString().ToUpperInvariant() : JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
