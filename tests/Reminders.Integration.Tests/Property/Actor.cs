using System.Globalization;
using MediatR;
using Npgsql;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Property;

/// <summary>
/// Does what a node, an app, a person or an operator could do next, as its own random numbers say. What it has claimed or
/// started it may finish, finish late, or never finish.
/// </summary>
internal sealed class Actor(World world, int seed, string name)
{
    private readonly Random _random = new(seed);
    private readonly List<(string Channel, Claim Claim)> _claimed = [];
    private readonly List<(string Channel, StartedMessage Message, bool Landed)> _started = [];
    private readonly List<(string Channel, StartedMessage Message, bool Landed)> _asleep = [];
    private int _step;

    public async Task StepAsync()
    {
        _step++;
        var (what, deed) = Choose();
        world.Note($"{name}.{_step} {what}");
        await deed;
    }

    private (string, Task) Choose() =>
        _random.Next(100) switch
        {
            < 9 => ("approve", BookAsync(new ApproveBooking(Pick(world.Bookings)))),
            < 16 => ("move", BookAsync(new MoveBooking(Pick(world.Bookings), Pick(world.Instants)))),
            < 18 => ("cancel", BookAsync(new CancelBooking(Pick(world.Bookings)))),
            < 20 => ("change candidate", BookAsync(new ChangeCandidate(Pick(world.Bookings), Pick(world.People)))),
            < 28 => ("fire", world.Firing.FireOverdueAsync(TimeSpan.Zero, default)),
            < 31 => ("plan events", RetryAsync(() => world.Events.PlanAsync(default))),
            < 43 => ("claim", ClaimAsync(Pick(World.Channels))),
            < 52 => ("take", TakeAsync()),
            < 65 => ("start", StartAsync(Pick(World.Channels))),
            < 78 => ("settle", SettleAsync(Pick(World.Channels), _started)),
            < 80 => ("fall asleep", FallAsleepAsync()),
            < 82 => ("wake up", SettleAsync(Pick(World.Channels), _asleep)),
            < 84 => ("expire a lease", ExpireAsync()),
            < 88 => ("reap", RetryAsync(() => world.Reaper.ReapAsync(default))),
            < 90 => ("lose a result", LoseAsync()),
            < 95 => ("press", PressAsync()),
            < 98 => ("operate", OperateAsync()),
            _ => ("reach", ReachAsync()),
        };

    private async Task ReachAsync()
    {
        await RetryAsync(() =>
            world.Cluster.SendAsync(new ChangeReach(TelegramChannel.Name, $"{_random.Next(1001, 1005)}", _random.Next(4) > 0))
        );
        await world.Cluster.ExecuteAsync(
            "UPDATE reminders.address SET state = 'reachable', reason = NULL WHERE channel = $1 AND state <> 'reachable'",
            World.Second
        );
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private async Task BookAsync(IRequest<Outcome<BookingView>> command)
    {
        if (await RetryAsync(() => world.Cluster.SendAsync(command)) is Outcome<BookingView>.Done done)
        {
            var subject = await world.Cluster.ScalarAsync<long>(
                "SELECT id FROM reminders.subject WHERE key = $1",
                done.Value.Id.ToString()
            );
            world.Committed(subject, done.Value.ScheduleVersion);
        }
    }

    private async Task ClaimAsync(string channel)
    {
        foreach (var claim in await RetryAsync(() => world.Store.ClaimAsync(channel, _random.Next(1, 6), default)))
        {
            _claimed.Add((channel, claim));
        }
    }

    private async Task StartAsync(string channel)
    {
        var claims = _claimed.Where(one => one.Channel == channel).Select(one => one.Claim).ToArray();
        if (claims.Length == 0)
        {
            return;
        }

        _claimed.RemoveAll(one => one.Channel == channel);
        Began(channel, (await world.StartAsync(channel, [], claims)).Started);
    }

    private async Task TakeAsync()
    {
        var channel = World.Channels[0];
        var turn = await world.TakeAsync(channel, _random.Next(1, 6), _random.NextInt64(1L << 40, 1L << 52), isHeard: _random.Next(5) > 0);
        Began(channel, turn.Started);
        if (turn.Taken is { Others.Length: > 0 } taken)
        {
            await RetryAsync(() => world.Firing.FireAsync(taken.Others, default));
        }
    }

    private void Began(string channel, IReadOnlyList<StartedMessage> started)
    {
        foreach (var message in started)
        {
            // An edit's client hangs up before its lease ends, so it lands now or never; repeating one does no harm.
            var lands = message.Operation == DeliveryOperation.Edit && _random.Next(10) < 7;
            if (lands)
            {
                world.Saw(message);
            }

            _started.Add((channel, message, lands));
        }
    }

    /// <summary>
    /// A stopped node: its leases are over while it has messages in flight, and by the time it goes on to settle them others
    /// may have had them, or have them.
    /// </summary>
    private async Task FallAsleepAsync()
    {
        _asleep.AddRange(_started);
        _started.Clear();
        await RetryAsync(() =>
            world.Cluster.ScalarAsync<long>(
                """
                WITH over AS (
                    UPDATE reminders.outbox m SET lease_until = now() - interval '1 second'
                    FROM unnest($1, $2) AS k (id, token) WHERE m.id = k.id AND m.lease_token = k.token AND m.state = 'sending'
                    RETURNING m.id),
                ended AS (
                    UPDATE reminders.lease_end SET at = now() - interval '1 second'
                    WHERE messages && ARRAY(SELECT id FROM over))
                SELECT count(*) FROM over
                """,
                _asleep.Select(one => one.Message.Claim.Id).ToArray(),
                _asleep.Select(one => one.Message.Claim.Token).ToArray()
            )
        );
        await RetryAsync(() => world.Reaper.ReapAsync(default));
    }

    private async Task SettleAsync(string channel, List<(string Channel, StartedMessage Message, bool Landed)> from)
    {
        var mine = from.Where(one => one.Channel == channel).ToArray();
        if (mine.Length == 0)
        {
            return;
        }

        var done = mine.Take(_random.Next(1, mine.Length + 1)).ToArray();
        from.RemoveAll(one => done.Contains(one));
        var settlements = done.Select(one =>
                Verdicts.Settle(
                    one.Message,
                    Result(one.Message, one.Landed),
                    channel == World.Second ? UncertainPolicy.Resend : UncertainPolicy.Hold,
                    world.Options,
                    0.5
                )
            )
            .ToArray();
        await RetryAsync(() => world.Store.SettleAndStartAsync(channel, settlements, [], default));
    }

    private SendResult Result(StartedMessage message, bool landed)
    {
        var draw = _random.Next(message.Operation == DeliveryOperation.Edit && !landed ? 45 : 0, 100);
        if (draw is < 45 or >= 60 and < 80)
        {
            world.Arrive(message);
        }

        return draw switch
        {
            < 45 => new SendResult.Sent(message.TargetProviderId ?? message.Claim.Id.ToString(CultureInfo.InvariantCulture)),
            < 55 => new SendResult.NotDelivered("refused"),
            < 58 => new SendResult.Throttled(
                TimeSpan.FromMilliseconds(20),
                draw < 57 ? ThrottleScope.Recipient : ThrottleScope.Channel,
                "429"
            ),
            < 60 => new SendResult.Rejected("400"),
            // Most of what nobody knows has arrived: to send it once more is to send it twice.
            < 90 => new SendResult.Uncertain("timeout"),
            < 97 => new SendResult.NotDelivered("dns"),
            < 99 => new SendResult.Unreachable("403"),
            _ => new SendResult.ChannelBroken("401"),
        };
    }

    /// <summary>The bytes are gone and the node with them; or they never left.</summary>
    private Task LoseAsync()
    {
        if (_started.Count > 0 && _random.Next(2) == 0)
        {
            world.Arrive(_started[0].Message);
        }

        if (_started.Count > 0)
        {
            _started.RemoveAt(0);
        }

        return Task.CompletedTask;
    }

    /// <summary>Time passes: somebody's lease is over, and so are pauses and back-offs.</summary>
    private async Task ExpireAsync()
    {
        await RetryAsync(() =>
            world.Cluster.ScalarAsync<long>(
                """
                WITH pause AS (UPDATE reminders.channel SET paused_until = NULL),
                backoff AS (UPDATE reminders.outbox SET due_at = now() WHERE id IN (
                    SELECT id FROM reminders.outbox WHERE state IN ('pending', 'retry') AND due_at > now() FOR UPDATE SKIP LOCKED))
                SELECT 0::bigint
                """
            )
        );
        await ExpireOneAsync();
    }

    private Task ExpireOneAsync() =>
        world.Cluster.ExecuteAsync(
            """
            WITH over AS (
                UPDATE reminders.outbox SET lease_until = now() - interval '1 second'
                WHERE id = (SELECT id FROM reminders.outbox WHERE state = 'sending' ORDER BY md5(id::text || $1) LIMIT 1)
                  AND state = 'sending'
                RETURNING id)
            UPDATE reminders.lease_end e SET at = now() - interval '1 second' FROM over WHERE over.id = ANY (e.messages)
            """,
            _random.Next().ToString(CultureInfo.InvariantCulture)
        );

    private async Task PressAsync()
    {
        if (
            world.Begun.Where(send => send.Arrived && send.Channel == "telegram" && send.Message.Kind == "CONFIRM_2H").ToArray()
            is not { Length: > 0 } arrived
        )
        {
            return;
        }

        var message = Pick(arrived).Message;
        await RetryAsync(() =>
            world.Cluster.SendAsync(
                new RecordPress(
                    $"{name}.{_step}",
                    new(
                        TelegramChannel.Name,
                        message.Address,
                        ButtonData.Of(_random.Next(3) == 0 ? "decline" : "confirm", message.PressToken),
                        $"{message.Claim.Id}",
                        "en"
                    )
                )
            )
        );
    }

    private async Task OperateAsync()
    {
        var id = await world.Cluster.ScalarAsync<long>(
            """
            SELECT coalesce((SELECT id FROM reminders.outbox WHERE state IN ('uncertain', 'dead') ORDER BY md5(id::text || $1) LIMIT 1), 0)
            """,
            $"{seed}.{_step}"
        );
        IRequest<Outcome<OperatorResult>> command = _random.Next(4) switch
        {
            0 => new ResendHeld(id, "asked"),
            1 => new SettleHeld(id, true, "seen"),
            2 => new SettleHeld(id, false, "not seen"),
            _ => new ReplayDead(id, "try again"),
        };
        await RetryAsync(() => world.Cluster.SendAsync(command));
    }

    /// <summary>As the loops of a node do: a deadlock rolled everything back, and the same is asked again.</summary>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> deed)
    {
        while (true)
        {
            try
            {
                return await deed();
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                Interlocked.Increment(ref _deadlocks);
            }
        }
    }

    private static int _deadlocks;
    public static int Deadlocks => _deadlocks;
}
