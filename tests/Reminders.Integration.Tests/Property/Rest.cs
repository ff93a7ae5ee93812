using System.Globalization;
using Reminders.Channels;
using Reminders.Outbox;

namespace Reminders.Integration.Tests.Property;

/// <summary>Lets the engine's own loops run dry, as they would if everybody went away, and then asks what is left.</summary>
internal static class Rest
{
    private const int Turns = 300;

    public static async Task ComeToAsync(World world)
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            // Time passes: whoever held a lease is gone, every pause and back-off is over.
            await world.Cluster.ExecuteAsync(
                """
                UPDATE reminders.outbox SET lease_until = now() - interval '1 second' WHERE state = 'sending';
                UPDATE reminders.lease_end SET at = now() - interval '1 second';
                UPDATE reminders.outbox SET due_at = now() WHERE state IN ('pending', 'retry');
                -- A channel that rested is heard again; the next message shows that it is open.
                UPDATE reminders.channel
                SET paused_until = NULL, probe_until = NULL, answered_at = CASE WHEN rests_since IS NOT NULL THEN clock_timestamp()
                    ELSE answered_at END;
                UPDATE public.turn SET began = now()
                """
            );
            await world.Reaper.ReapAsync(default);
            var events = await world.Events.PlanAsync(default);
            var fired = await world.Firing.FireOverdueAsync(TimeSpan.Zero, default);
            var claims = 0;
            foreach (var channel in World.Channels)
            {
                claims += await DeliverAsync(world, channel);
            }

            if (!events && fired == 0 && claims == 0)
            {
                return;
            }
        }
        world.Broken.Add($"the engine did not come to rest in {Turns} turns");
    }

    private static async Task<int> DeliverAsync(World world, string channel)
    {
        var claims = await world.Store.ClaimAsync(channel, 500, default);
        if (claims.Count == 0)
        {
            return 0;
        }

        var settlements = new List<Settlement>();
        foreach (var message in (await world.StartAsync(channel, [], claims)).Started)
        {
            if (message.Operation == DeliveryOperation.Edit)
            {
                world.Saw(message);
            }

            world.Arrive(message);
            settlements.Add(
                Verdicts.Settle(
                    message,
                    new SendResult.Sent(message.TargetProviderId ?? message.Claim.Id.ToString(CultureInfo.InvariantCulture)),
                    Reminders.Channels.UncertainPolicy.Hold,
                    world.Options,
                    0.5
                )
            );
        }
        await world.Store.SettleAndStartAsync(channel, settlements, [], default);
        return claims.Count;
    }

    public static async Task<IReadOnlyList<string>> BrokenFacesAsync(World world)
    {
        await using var command = world.Cluster.Database.CreateCommand(Audit.Faces);
        await using var reader = await command.ExecuteReaderAsync();
        var broken = new List<string>();
        while (await reader.ReadAsync())
        {
            var (id, status, happensAt, standing) = (
                reader.GetInt64(0),
                reader.GetString(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetString(3)
            );
            // Sent as far as the engine knows, by an operator's word: nobody knows what the person sees.
            if (!world.Shown.TryGetValue(id, out var shown))
            {
                continue;
            }

            string[] right =
            [
                World.Face(status, standing, happensAt, false),
                .. standing == "current" && status == "approved" ? [World.Face(status, standing, happensAt, true)] : Array.Empty<string>(),
            ];
            if (!right.Contains(shown))
            {
                broken.Add($"message {id} shows '{shown}', but its booking is {status} and it should show '{right[0]}'");
            }
        }
        return broken;
    }
}
