namespace Reminders.Tests.Architecture;

/// <summary>
/// The rooms of the house, which are its folders, and which of them each may know: a door that is not in the table is shut, and no way
/// leads back to where it began. A door that nobody uses is taken out of the table, so that it stays a map.
/// <para>
/// A folder of the engine goes by its own name, one of another project by the project's and its own. What stands at the root of a
/// project puts its rooms together, and so knows them all; between projects the compiler allows no circle.
/// </para>
/// </summary>
public sealed class Rooms
{
    // From the ground up: each line knows only lines above it.
    private const string Doors = """
        Words            :
        Channels         : Words
        Channels/Http    : Words
        Lab/Apps         :
        Lab/Simulation   :
        Testing/Clock    :
        Testing/Postgres :
        Lab/Poolers      : Testing/Postgres
        Lab/Mail         : Lab/Simulation
        Lab/Telegram     : Lab/Simulation
        Lab/WhatsApp     : Lab/Simulation
        Settings         : Channels
        Lab/Chaos/Faults : Lab/Simulation Lab/Telegram Testing/Postgres
        Testing/Post     : Channels
        Storage/Schema   : Settings Words
        Storage          : Channels Settings Storage/Schema Words
        Cli/Dedupe       : Settings Storage
        Commands         : Channels Settings Storage Words
        Nodes            : Channels Settings Storage
        Events           : Channels Commands Nodes Storage Words
        Hosting          : Nodes Settings Storage
        Web/Telemetry    : Hosting Settings
        Cli/Serving      : Channels Hosting Settings Storage
        Web/Problems     : Commands Storage Words
        Web/Hosting      : Hosting
        Web/Limits       : Commands Storage Web/Problems Words
        Failover         : Nodes Settings Storage Words
        Tallies          : Nodes Storage
        Zones            : Commands Storage Words
        Kinds            : Channels Words Zones
        Texts            : Channels Commands Kinds Nodes Storage Words Zones
        Ledger           : Channels Commands Kinds Nodes Settings Storage
        Outbox           : Channels Failover Kinds Ledger Nodes Settings Storage Words Zones
        Email            : Outbox Settings
        Inbox            : Channels Commands Kinds Ledger Nodes Storage Zones
        Scheduling       : Kinds Ledger Nodes Outbox Settings Storage
        Subjects         : Channels Commands Ledger Nodes Scheduling Settings Storage
        Bookings         : Channels Commands Ledger Storage Subjects Words Zones
        Notifications    : Commands Kinds Ledger Settings Storage Subjects Words
        Imports          : Commands Kinds Notifications Settings Storage Words
        Outbox/Operators : Channels Commands Failover Kinds Nodes Storage Subjects Words
        People           : Channels Commands Storage Subjects Words Zones
        Apps             : Channels Commands Hosting Nodes People Settings Storage Subjects Words
        Testing/Loops    : Apps Channels Inbox Kinds Ledger Outbox Storage Testing/Post
        Testing/Stage    : Settings Storage Testing/Clock Testing/Loops Testing/Post Testing/Postgres
        Inbound          : Bookings Channels Commands Failover Kinds Nodes Outbox Settings Storage Subjects Words Zones
        Lab/Chaos/Work   : Bookings Commands Lab/Chaos/Faults Lab/Telegram
        Web/Keys         : Commands Inbox People Storage Web/Hosting Web/Limits Web/Problems Words
        Cli/Imports      : Commands Imports Words
        Lab/Chaos/Check  : Lab/Chaos/Faults Lab/Chaos/Work Lab/Telegram
        Doctor           : Channels Failover Inbound Kinds Nodes Outbox/Operators Settings Storage Storage/Schema Words Zones
        Reads            : Commands Inbound Outbox Settings
        Telegram         : Channels/Http Commands Doctor Inbound Nodes People Storage Subjects Words
        Web/Health       : Failover Inbound Nodes Outbox/Operators Scheduling Settings Storage Storage/Schema Words
        WhatsApp         : Channels/Http Commands Inbound Kinds Nodes Outbox People Storage Subjects Words
        Explain          : Bookings Channels Commands Inbound Kinds Ledger Nodes Outbox Outbox/Operators Reads Storage Texts Words
        Lists            : Bookings Commands Outbox Outbox/Operators People Reads Storage Words Zones
        Web/Api          : Bookings Channels Commands Doctor Explain Inbound Kinds Lists Nodes Notifications Outbox Outbox/Operators People Texts Web/Keys Web/Limits Web/Problems Words Zones
        Web/Console/Accounts : Commands Settings Storage Web/Hosting Web/Keys Words
        Web/Console/Acts : Commands Kinds Outbox Outbox/Operators Storage Words
        Web/Console/Assets :
        Web/Console/Reads : Bookings Channels Commands Explain Kinds Lists Nodes Outbox Outbox/Operators Reads Settings Storage Tallies Texts Words Zones
        Web/Console/Live : Nodes Web/Console/Accounts Web/Console/Reads
        Web/Console/Texts : Explain Kinds Outbox Outbox/Operators Web/Console/Acts Web/Console/Reads Web/Keys Words
        Web/Console/Pages : Bookings Channels Commands Doctor Explain Kinds Lists Nodes Outbox Outbox/Operators Reads Storage Web/Api Web/Console/Accounts Web/Console/Acts Web/Console/Reads Web/Console/Texts Web/Keys
        Web/Console      : Commands Hosting Settings Storage Web/Console/Accounts Web/Console/Acts Web/Console/Assets Web/Console/Live Web/Console/Pages Web/Console/Reads Web/Console/Texts Web/Hosting Web/Keys Words
        Cli/Commands     : Apps Bookings Cli/Dedupe Cli/Imports Cli/Serving Commands Doctor Events Explain Hosting Imports Inbound Kinds Lists Nodes Outbox Outbox/Operators People Reads Settings Storage Storage/Schema Texts Web/Console Web/Console/Accounts Web/Console/Reads Web/Keys Words
        Lab/Nodes        : Cli/Commands
        Web/Documents    : Web/Api Web/Keys
        Web/Inbox        : Channels Commands Inbox Web/Api Web/Keys Web/Limits Web/Problems Words
        Web/Webhooks     : Channels Commands Inbound Telegram Web/Api Web/Limits Web/Problems WhatsApp
        Lab/Chaos        : Lab/Chaos/Check Lab/Chaos/Faults Lab/Chaos/Work Lab/Nodes Lab/Telegram Storage Testing/Postgres
        Lab/Demo/Acts    : Bookings Lab/Apps Lab/Mail Lab/Nodes Lab/Telegram Lab/WhatsApp
        Lab/Bench        : Bookings Channels Commands Email Inbox Lab/Chaos Lab/Mail Lab/Nodes Lab/Telegram Lab/WhatsApp Storage Telegram Testing/Postgres Web/Console Web/Console/Accounts Web/Keys WhatsApp
        Lab/Demo         : Bookings Commands Lab/Apps Lab/Demo/Acts Lab/Mail Lab/Nodes Lab/Simulation Lab/Telegram Lab/WhatsApp Storage Testing/Postgres Web/Console/Accounts Web/Keys
        Lab/Commands     : Cli/Commands Lab/Bench Lab/Chaos Lab/Chaos/Faults Lab/Demo Lab/Mail Lab/Telegram Lab/WhatsApp
        """;

    private static readonly Dictionary<string, string[]> Table = Doors
        .Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split(':'))
        .ToDictionary(line => line[0].Trim(), line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static readonly string[] Roots = ["", "Cli", "Web", "Lab", "Testing"];

    /// <summary>The room around a room needs no using, and is known.</summary>
    [Fact]
    public void Each_room_knows_only_those_the_table_allows() =>
        Assert.Equal(
            Table.SelectMany(room => room.Value.Select(to => $"{room.Key} -> {to}")).Order(StringComparer.Ordinal),
            Edges()
                .Where(edge =>
                    !Roots.Contains(edge.From) && !Roots.Contains(edge.To) && !edge.From.StartsWith(edge.To + "/", StringComparison.Ordinal)
                )
                .Select(edge => $"{edge.From} -> {edge.To}")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_folder_is_in_the_table() =>
        Assert.Equal(
            Sources.All.Select(FolderOf).Where(folder => !Roots.Contains(folder)).Distinct().Order(StringComparer.Ordinal),
            Table.Keys.Order(StringComparer.Ordinal)
        );

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
        from source in Sources.All
        let room = FolderOf(source)
        from import in source.Usings
        where import.StartsWith("Reminders.", StringComparison.Ordinal)
        let other = RoomOf(import["Reminders.".Length..].Replace('.', '/'))
        where other != room
        select (room, other);

    private static string FolderOf(Sources.Source source)
    {
        var folder = source.Path.Contains('/') ? source.Path[..source.Path.LastIndexOf('/')] : "";
        return source.Project == "Reminders" ? folder : $"{source.Project["Reminders.".Length..]}/{folder}".TrimEnd('/');
    }

    // A using may name a class too: using static.
    private static string RoomOf(string imported) =>
        Table.ContainsKey(imported) || Roots.Contains(imported) ? imported
        : imported.Contains('/') ? RoomOf(imported[..imported.LastIndexOf('/')])
        : "";
}
