using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;

namespace Reminders.Integration.Tests.Notifications;

/// <summary>Versions that cannot run out, and what was suppressed as a number for a graph.</summary>
[Trait("Suite", "Quick")]
public sealed class Versions(Postgres postgres)
{
    private static readonly (string, string?)[] ByInbox =
    [
        ("Kinds:CART_ABANDONED:Channels:0", "inbox"),
        ("Kinds:TICKET_ASSIGNED:Supersedes", "true"),
    ];

    [Theory]
    [InlineData(2147483647)]
    [InlineData(NotifyRules.HighestVersion)]
    public async Task A_subject_asked_for_in_the_highest_version_can_be_closed_and_opened_again(long version)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ByInbox);
        cluster.AddStillNode();
        await cluster.KeepPeopleAsync(1);
        Assert.Equal(1, (await cluster.AskAsync(Asking.Assigned("ticket-1", version, "u1"))).Planned);
        Assert.Equal(1, (await cluster.AskAsync(Asking.Assigned("ticket-1", version, "u1"))).Suppressed);
        for (var round = 1; round <= 3; round++)
        {
            Assert.IsType<Outcome<CancelResult>.Done>(await cluster.SendAsync(new CancelNotifications("ticket", "ticket-1")));
            Assert.Equal(1, (await cluster.AskAsync(Asking.Assigned("ticket-1", null, "u1"))).Planned);
            Assert.Equal(version + round, await cluster.ScalarAsync<long>("SELECT max(version) FROM reminders.occurrence"));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(NotifyRules.HighestVersion + 1)]
    [InlineData(long.MaxValue)]
    public async Task A_version_beyond_the_bounds_is_refused_by_name_and_value(long version)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var refused = Assert.IsType<Outcome<NotifyResult>.Invalid>(await cluster.SendAsync(Asking.Assigned("ticket-1", version, "u1")));
        Assert.Equal([$"version is {version}: it must be between 1 and 9000000000000000."], refused.Errors["version"]);
    }

    [Fact]
    public async Task The_number_of_a_window_is_taken_only_for_what_is_planned_and_goes_on_where_int4_ended()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ByInbox);
        cluster.AddStillNode();
        await cluster.KeepPeopleAsync(3);
        await cluster.ExecuteAsync("SELECT setval('reminders.window_version', 2147483646)");
        Assert.Equal(3, (await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1", "u2", "u3"))).Planned);
        Assert.Equal(2147483649, await cluster.ScalarAsync<long>("SELECT last_value FROM reminders.window_version"));
        var again = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1", "u2", "u3"))))
        );
        Assert.All(again, answer => Assert.Equal((0, 3), (answer.Planned, answer.Suppressed)));
        Assert.Equal(2147483649, await cluster.ScalarAsync<long>("SELECT last_value FROM reminders.window_version"));
        // Another cart at once, and the same one when its window has passed.
        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-1", "aaaa", "u1"))).Planned);
        await cluster.ExecuteAsync("UPDATE reminders.window_key SET armed_at = armed_at - interval '25 hours'");
        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"))).Planned);
        Assert.Equal(2147483651, await cluster.ScalarAsync<long>("SELECT last_value FROM reminders.window_version"));
    }

    [Fact]
    public async Task What_is_suppressed_is_counted_by_kind_and_rule()
    {
        var counted = new ConcurrentDictionary<(string Kind, string Rule), long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Name == "reminders.suppressed")
            {
                me.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (_, count, tags, _) =>
            {
                var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!);
                if (named["kind"].StartsWith("COUNTED_", StringComparison.Ordinal))
                {
                    counted.AddOrUpdate((named["kind"], named["rule"]), count, (_, before) => before + count);
                }
            }
        );
        listener.Start();
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides:
            [
                .. Counted("VERSION"),
                .. Counted("ONCE"),
                .. Counted("WINDOW"),
                ("Kinds:COUNTED_BOOKING:Subject", "booking"),
                ("Kinds:COUNTED_BOOKING:On", "approved"),
                ("Kinds:COUNTED_BOOKING:To", "candidate"),
                ("Kinds:COUNTED_BOOKING:Templates:en:text", "x"),
            ]
        );
        cluster.AddStillNode();
        await cluster.KeepPeopleAsync(2);
        foreach (var policy in (string[])["VERSION", "ONCE", "WINDOW"])
        {
            for (var round = 0; round < 3; round++)
            {
                await cluster.AskAsync(new($"COUNTED_{policy}", "thing-1", Recipients: ["u1", "u2"]));
            }
        }
        await cluster.AskAsync(new("COUNTED_VERSION", "thing-1", Version: 5, Recipients: ["u1"]));
        await cluster.AskAsync(new("COUNTED_VERSION", "thing-1", Version: 4, Recipients: ["u1"]));
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        for (var round = 0; round < 4; round++)
        {
            await cluster.ApproveAsync(booking);
        }

        Assert.Equal(
            [
                ("COUNTED_BOOKING", "version", 3),
                ("COUNTED_ONCE", "once", 4),
                ("COUNTED_VERSION", "superseded", 1),
                ("COUNTED_VERSION", "version", 4),
                ("COUNTED_WINDOW", "window", 4),
            ],
            counted.Select(one => (one.Key.Kind, one.Key.Rule, (int)one.Value)).Order()
        );
    }

    private static (string, string?)[] Counted(string policy) =>
        [
            ($"Kinds:COUNTED_{policy}:Subject", "thing"),
            ($"Kinds:COUNTED_{policy}:Identity", policy),
            ($"Kinds:COUNTED_{policy}:Channels:0", "inbox"),
            ($"Kinds:COUNTED_{policy}:Templates:en:text", "x"),
        ];
}
