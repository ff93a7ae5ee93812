using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Outbox;

namespace Reminders.Integration.Tests.Property;

/// <summary>One send as the network saw it: it began; whether it arrived is decided here and not by what the engine believes.</summary>
internal sealed record BegunSend(StartedMessage Message, long Occurrence, long Subject, long Version, string Channel, int Number)
{
    public bool Arrived { get; set; }
}

/// <summary>A few bookings on one real database and a still node, whose parts the actors turn by hand.</summary>
internal sealed class World(Cluster cluster, IServiceProvider services) : IAsyncDisposable
{
    public const string Second = "letter";
    public static readonly string[] Channels = ["telegram", Second];

    private readonly ConcurrentQueue<string> _trace = new();
    private readonly ConcurrentDictionary<long, long> _committed = new();
    private readonly ConcurrentDictionary<Claim, DateTimeOffset> _starts = new();

    public Cluster Cluster => cluster;
    public OutboxStore Store { get; } = services.GetRequiredService<OutboxStore>();
    public Firing Firing { get; } = services.GetRequiredService<Firing>();
    public LeaseReaper Reaper { get; } = services.GetRequiredService<LeaseReaper>();
    public EventPlanner Events { get; } = services.GetRequiredService<EventPlanner>();
    public KindCatalog Kinds { get; } = services.GetRequiredService<KindCatalog>();
    public OutboxOptions Options { get; } = services.GetRequiredService<OutboxOptions>();
    public IReadOnlyList<Guid> Bookings { get; private set; } = [];
    public IReadOnlyList<DateTimeOffset> Instants { get; private set; } = [];
    public IReadOnlyList<PersonDraft> People { get; } =
    [.. Enumerable.Range(1001, 4).Select(chat => new PersonDraft($"P{chat}", "en", "Europe/Moscow", chat))];
    public ConcurrentBag<BegunSend> Begun { get; } = [];
    public ConcurrentBag<string> Broken { get; } = [];

    /// <summary>What each person sees of a message that the engine knows they have.</summary>
    public ConcurrentDictionary<long, string> Shown { get; } = new();

    public IEnumerable<string> Trace => _trace;

    public static async Task<World> CreateAsync(Postgres postgres, int bookings)
    {
        var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides:
            [
                ("Kinds:CONFIRM_2H:Channels:1", Second),
                ($"Kinds:CONFIRM_2H:Uncertain:{Second}", "Resend"),
                ("Outbox:RetryBase", "00:00:00.01"),
                ("Outbox:RetryCap", "00:00:00.05"),
            ]
        );
        var world = new World(cluster, cluster.AddStillNode(services => services.AddSingleton(new ServedChannel(Second))).Services);
        await cluster.ExecuteAsync(Audit.Install);
        var now = await cluster.ScalarAsync<DateTime>("SELECT date_trunc('second', now())");
        // Most are due already, one falls due while the test runs, one does not.
        world.Instants =
        [
            .. new[] { 85.0, 90, 95, 100, 105, 110, 115, 120.1, 400 }.Select(minutes => new DateTimeOffset(now.AddMinutes(minutes))),
        ];
        var made = new List<Guid>();
        for (var i = 0; i < bookings; i++)
        {
            var outcome = await cluster.SendAsync(
                new CreateBooking(
                    $"Booking {i}",
                    world.Instants[i % world.Instants.Count],
                    world.People[i % world.People.Count],
                    new("Rita", "en", "UTC", 9001)
                )
            );
            made.Add(Assert.IsType<Outcome<BookingView>.Done>(outcome).Value.Id);
        }
        world.Bookings = made;
        foreach (var person in world.People)
        {
            await cluster.SendAsync(new CreateBooking("Known", world.Instants[^1], person, new("Rita", "en", "UTC", 9001)));
        }

        await cluster.ExecuteAsync(
            "INSERT INTO reminders.address (recipient_id, channel, address) SELECT recipient_id, $1, 'l' || address FROM reminders.address",
            Second
        );
        return world;
    }

    public void Note(string line) => _trace.Enqueue(line);

    /// <summary>A command has returned, so from now on nothing older may begin.</summary>
    public void Committed(long subject, long version) => _committed.AddOrUpdate(subject, version, (_, known) => Math.Max(known, version));

    public Dictionary<long, long> CommittedNow() => new(_committed);

    /// <param name="isHeard">Whether the answer arrives: else nobody knows what was taken, and it is taken back.</param>
    public async Task<SettledAndStarted> TakeAsync(string channel, int room, long token, bool isHeard)
    {
        var take = Take.FromTheStart(DueTaker.PlainKinds(Kinds, channel), room, token);
        if (isHeard)
        {
            return await StartAsync(channel, [], [], take);
        }

        await Actor.RetryAsync(() => Store.SettleAndStartAsync(channel, [], [], CancellationToken.None, take: take));
        await Actor.RetryAsync(() => Store.TakeBackAsync([token], CancellationToken.None));
        return new([], [], TimeSpan.Zero, Events: false);
    }

    public async Task<SettledAndStarted> StartAsync(
        string channel,
        IReadOnlyList<Settlement> settlements,
        IReadOnlyList<Claim> claims,
        Take? take = null
    )
    {
        var known = CommittedNow();
        var exchange = await Actor.RetryAsync(() =>
            Store.SettleAndStartAsync(channel, settlements, claims, CancellationToken.None, take: take)
        );
        foreach (var message in exchange.Started)
        {
            _starts[message.Claim] = message.StartedAt;
            var begun = await DescribeAsync(message, channel);
            if (message.Operation != DeliveryOperation.Send)
            {
                continue;
            }

            Begun.Add(begun);
            if (begun.Version < known.GetValueOrDefault(begun.Subject))
            {
                Broken.Add($"message {message.Claim.Id} of version {begun.Version} began when {known[begun.Subject]} had been committed");
            }
        }
        return exchange;
    }

    /// <summary>What an attempt came to is on record under the lease it was begun under: nobody settles what another has in hand.</summary>
    public async Task<IReadOnlyList<string>> SettledForAnotherAsync()
    {
        await using var command = cluster.Database.CreateCommand(
            "SELECT message_id, lease_token, started_at FROM reminders.every_attempt WHERE outcome NOT IN ('lease lost', 'not begun')"
        );
        await using var reader = await command.ExecuteReaderAsync();
        var broken = new List<string>();
        while (await reader.ReadAsync())
        {
            var claim = new Claim(reader.GetInt64(0), reader.GetInt64(1), Epoch: 1);
            if (!_starts.TryGetValue(claim, out var begun) || begun != reader.GetFieldValue<DateTimeOffset>(2))
            {
                broken.Add($"message {claim.Id} was settled under token {claim.Token} by somebody else's attempt");
            }
        }
        return broken;
    }

    /// <summary>The network takes the bytes: an identity may arrive once.</summary>
    public void Arrive(StartedMessage message)
    {
        if (message.Operation == DeliveryOperation.Edit)
        {
            return;
        }

        var begun = Begun.Where(send => send.Message.Claim == message.Claim).ToArray();
        var twin = Begun.FirstOrDefault(send =>
            send.Arrived && begun.Any(own => own.Occurrence == send.Occurrence && own.Channel == send.Channel && own.Number == send.Number)
        );
        if (twin is not null)
        {
            Broken.Add(
                $"occurrence {twin.Occurrence} arrived twice over {twin.Channel} as number {twin.Number} (message {twin.Message.Claim.Id})"
            );
        }

        foreach (var send in begun)
        {
            send.Arrived = true;
        }

        Shown[message.Claim.Id] = Face(message);
    }

    /// <summary>An edit has landed.</summary>
    public void Saw(StartedMessage edit) => Shown[long.Parse(edit.TargetProviderId!, CultureInfo.InvariantCulture)] = Face(edit);

    private static string Face(StartedMessage message) =>
        Face(
            message.Status,
            message.Standing.ToString().ToLowerInvariant(),
            message.HappensAt,
            message.Operation == DeliveryOperation.Send
        );

    private async Task<BegunSend> DescribeAsync(StartedMessage message, string channel)
    {
        await using var command = cluster.Database.CreateCommand(
            """
            SELECT o.id, o.subject_id, o.version, m.number FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
                WHERE m.id = $1
            """
        );
        command.Parameters.Add(new() { Value = message.Claim.Id });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(message, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), channel, reader.GetInt32(3));
    }

    /// <summary>What a started message shows, as <see cref="MessageRenderer"/> chooses it.</summary>
    public static string Face(string status, string standing, DateTimeOffset? happensAt, bool isSend) =>
        (isSend, standing, status) switch
        {
            (false, "gone", _) or (false, _, "cancelled") => "cancelled",
            (false, "replaced", _) => $"moved {Show(happensAt)}",
            (false, _, "confirmed" or "declined") => $"{status} {Show(happensAt)}",
            _ => $"text {Show(happensAt)}",
        };

    private static string Show(DateTimeOffset? instant) => instant?.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
