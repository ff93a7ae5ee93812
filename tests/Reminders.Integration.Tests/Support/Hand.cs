using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Events;
using Reminders.Inbound;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Outbox;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Support;

/// <summary>Turns a still node's wheels one notch at a time, so that a test can look, or break something, in between.</summary>
internal sealed class Hand(Cluster cluster, IHost node)
{
    private readonly IServiceProvider _services = node.Services;

    public OutboxStore Store => _services.GetRequiredService<OutboxStore>();
    public Firing Firing => _services.GetRequiredService<Firing>();
    public LeaseReaper Reaper => _services.GetRequiredService<LeaseReaper>();
    public EventPlanner Events => _services.GetRequiredService<EventPlanner>();
    public Webhook Webhook => _services.GetRequiredService<Webhook>();
    public WebhookQueue WebhookQueue => _services.GetRequiredService<WebhookQueue>();
    private KindCatalog Kinds => _services.GetRequiredService<KindCatalog>();
    private OutboxOptions Options => _services.GetRequiredService<OutboxOptions>();

    /// <summary>A cluster of still nodes only.</summary>
    public static async Task<(Cluster Cluster, Hand Hand)> StillAsync(Postgres postgres, params (string Key, string? Value)[] overrides)
    {
        var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: overrides);
        return (cluster, new Hand(cluster, cluster.AddStillNode()));
    }

    /// <summary>A booking approved past its due time and fired: its CONFIRM_2H is pending in the outbox.</summary>
    public async Task<Guid> QueueAsync(long candidateChat = 1001, TimeSpan? dueIn = null)
    {
        var booking = await cluster.ProposeAsync(dueIn ?? TimeSpan.FromMinutes(-5), candidateChat);
        Assert.IsType<Outcome<BookingView>.Done>(await cluster.ApproveAsync(booking));
        await FireAsync();
        return booking;
    }

    public Task<int> FireAsync() => Firing.FireOverdueAsync(TimeSpan.Zero, default);

    public async Task<Claim> ClaimAsync(string channel = "telegram") => Assert.Single(await Store.ClaimAsync(channel, 10, default));

    public async Task<StartedMessage> StartAsync(Claim claim) => Assert.Single((await BeginAsync(claim)).Started);

    public Task<SettledAndStarted> BeginAsync(params Claim[] claims) => Store.SettleAndStartAsync("telegram", [], claims, default);

    /// <summary>One turn of a window that takes what is due straight from the ledger.</summary>
    public Task<SettledAndStarted> TakeAsync(int room = 100, long token = 1_000, string channel = "telegram", params long[] alone) =>
        Store.SettleAndStartAsync(
            channel,
            [],
            [],
            default,
            take: Take.FromTheStart(DueTaker.PlainKinds(Kinds, channel), room, token, alone)
        );

    public async Task<StartedMessage> ClaimAndStartAsync() => await StartAsync(await ClaimAsync());

    public async Task SettleAsync(
        StartedMessage message,
        SendResult result,
        UncertainPolicy policy = UncertainPolicy.Hold,
        string channel = "telegram"
    ) => await Store.SettleAndStartAsync(channel, [Verdicts.Settle(message, result, policy, Options, 0.5)], [], default);

    /// <summary>A message on its way from start to finish, with the outcome given.</summary>
    public async Task<StartedMessage> DeliverAsync(SendResult result, string channel = "telegram")
    {
        var message = Assert.Single((await Store.SettleAndStartAsync(channel, [], [await ClaimAsync(channel)], default)).Started);
        await SettleAsync(message, result, channel: channel);
        return message;
    }

    /// <summary>What a message would say now, and with which buttons.</summary>
    public Delivery Render(StartedMessage message) =>
        _services.GetRequiredService<MessageRenderer>().Render(message, TelegramChannel.Traits).Delivery;

    /// <summary>The candidate presses a button of a delivered message.</summary>
    public async Task<AnswerEffect> PressAsync(StartedMessage message, string action, long from = 1001, long messageId = 77) =>
        (
            await cluster.SendAsync(
                new RecordPress("u1", new(TelegramChannel.Name, $"{from}", ButtonData.Of(action, message.PressToken), $"{messageId}", "en"))
            )
        ).Effect;

    /// <summary>As if the lease had run out: time is the database's, so the row is moved instead of the clock.</summary>
    public Task RunOutAsync(Claim claim) =>
        cluster.ExecuteAsync(
            """
            WITH ended AS (UPDATE reminders.lease_end SET at = now() - interval '1 second' WHERE $1 = ANY (messages))
            UPDATE reminders.outbox SET lease_until = now() - interval '1 second' WHERE id = $1
            """,
            claim.Id
        );

    public Task<string> StateAsync(long message) =>
        cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE id = $1", message);

    /// <summary>The messages of a booking as <c>kind operation state</c>, in order of writing.</summary>
    public Task<string[]> MessagesAsync(Guid booking) =>
        cluster.ScalarAsync<string[]>(
            """
            SELECT coalesce(array_agg(m.kind || ' ' || m.operation || ' ' || m.state ORDER BY m.id), '{}')
            FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
            JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key = $1
            """,
            booking.ToString()
        );

    /// <summary>The ledger of a booking for one kind as <c>version state reason</c>, by version.</summary>
    public Task<string[]> LedgerAsync(Guid booking, string kind = "CONFIRM_2H") =>
        cluster.ScalarAsync<string[]>(
            """
            SELECT coalesce(array_agg(o.version || ' ' || o.state || coalesce(' ' || o.reason, '') ORDER BY o.version), '{}')
            FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key = $1 AND o.kind = $2
            """,
            booking.ToString(),
            kind
        );
}
