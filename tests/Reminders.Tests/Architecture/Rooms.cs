namespace Reminders.Tests.Architecture;

/// <summary>
/// The engine's rooms, and which of them each may know: a door that is not in the table is shut, and no way leads back to where it
/// began. A door nobody uses is taken out of the table, so that it stays a map.
/// </summary>
public sealed class Rooms
{
    // From the ground up: each line knows only lines above it.
    private const string Doors = """
        Channels            :
        Settings            : Channels
        Storage             : Channels Settings
        Nodes               : Channels Settings Storage
        Commands            : Channels Settings Storage
        Zones               : Commands Storage
        Channels/Http       : Channels
        Channels/Email      : Channels Settings
        Channels/Telegram   : Channels Channels/Http
        Channels/WhatsApp   : Channels Channels/Http
        Kinds               : Channels Channels/Telegram Channels/WhatsApp Zones
        Ledger              : Channels Commands Kinds Nodes Settings Storage
        Outbox              : Channels Commands Kinds Ledger Nodes Settings Storage Zones
        Scheduling          : Channels Kinds Ledger Nodes Outbox Settings Storage
        Subjects            : Commands Ledger Nodes Outbox Scheduling Storage
        Outbox/Operators    : Channels Commands Kinds Ledger Nodes Outbox Storage Subjects
        Notifications       : Channels Commands Kinds Ledger Settings Storage Subjects
        People              : Channels Commands Ledger Storage Subjects Zones
        Bookings            : Channels Commands Storage Subjects Zones
        Inbox               : Channels Commands Kinds Ledger Nodes Storage Zones
        Inbound             : Bookings Channels Channels/Telegram Channels/WhatsApp Commands Kinds Nodes Outbox People Settings Storage Subjects Zones
        Reads               : Commands Inbound Outbox Settings Storage
        Explain             : Bookings Channels Commands Inbound Inbox Kinds Ledger Nodes Outbox Outbox/Operators Reads Storage Zones
        """;

    private static readonly Dictionary<string, string[]> Table = Doors.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split(':'))
        .ToDictionary(line => line[0].Trim(), line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The room around a room needs no using, and is known.</summary>
    [Fact]
    public void Each_room_knows_only_those_the_table_allows()
    {
        var known = Edges().Where(edge => edge.From != "").ToArray();
        Assert.Equal(
            Table.SelectMany(room => room.Value.Where(to => !room.Key.StartsWith(to + "/", StringComparison.Ordinal)).Select(to => $"{room.Key} -> {to}")).Order(StringComparer.Ordinal),
            known.Select(edge => $"{edge.From} -> {edge.To}").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_way_leads_back()
    {
        var above = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (room, doors) in Table)
        {
            Assert.All(doors, door => Assert.True(above.Contains(door), $"{room} knows {door}, which is not above it."));
            above.Add(room);
        }
    }

    private static IEnumerable<(string From, string To)> Edges() =>
        from source in Sources.Engine
        let room = RoomOf(source.Path.Contains('/') ? source.Path[..source.Path.LastIndexOf('/')] : "")
        from import in source.Usings
        where import.StartsWith("Reminders.", StringComparison.Ordinal)
        let other = RoomOf(import["Reminders.".Length..].Replace('.', '/'))
        where other != room
        select (room, other);

    // A folder in a folder is a room of its own where it has a line of its own.
    private static string RoomOf(string folder) => Table.ContainsKey(folder) ? folder : folder.Split('/')[0];
}
