using Microsoft.Extensions.DependencyInjection;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Doctor;
using Reminders.Integration.Tests.Notifications;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;
using Reminders.People;
using Reminders.Storage;
using Reminders.Zones;

namespace Reminders.Integration.Tests.Clocks;

/// <summary>Node and PostgreSQL have a zone database each. Where they cannot agree nothing is guessed.</summary>
public sealed class ZoneData(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // To the node MET a zone with summer time, to PostgreSQL an abbreviation without.
    [Theory]
    [InlineData("MET", "this node and PostgreSQL disagree about 'MET': at ")]
    [InlineData("EET", "this node and PostgreSQL disagree about 'EET': at ")]
    public async Task A_zone_they_read_differently_is_refused_at_each_door(string zone, string problem)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var start = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(5);
        AssertRefused(
            "candidate.zone",
            problem,
            await cluster.SendAsync(new CreateBooking("Talk", start, new("Anna", Zone: zone), new("Rita")))
        );
        AssertRefused(
            "recruiter.zone",
            problem,
            await cluster.SendAsync(new CreateBooking("Talk", start, new("Anna"), new("Rita", Zone: zone)))
        );
        AssertRefused(
            "recipients[1].zone",
            problem,
            await cluster.SendAsync(new KeepRecipients([new("a", "A", Zone: "Europe/Berlin"), new("b", "B", Zone: zone)]))
        );
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        AssertRefused("candidate.zone", problem, await cluster.SendAsync(new ChangeCandidate(booking, new("Boris", Zone: zone))));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.recipient WHERE zone = $1", zone));
    }

    /// <summary>The first messages of a burst all ask at once: that must not take a connection for each.</summary>
    [Fact]
    public async Task A_zone_that_many_ask_for_at_once_is_one_question()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var zones = cluster.AddStillNode().Services.GetRequiredService<ZoneAgreement>();
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => zones.ProblemAsync("Europe/Berlin", default).AsTask())),
            Assert.Null
        );
        Assert.InRange(await cluster.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"), 1, 5);
    }

    [Theory]
    [InlineData("Nowhere/Atlantis", "zone_unknown: Nowhere/Atlantis", "this node does not know the time zone 'Nowhere/Atlantis'")]
    [InlineData("XYZ+5", "zone_unknown: XYZ+5", "this node does not know the time zone 'XYZ+5'")]
    [InlineData(
        "Eastern Standard Time",
        "zone_unknown_there: Eastern Standard Time",
        "PostgreSQL does not know the time zone 'Eastern Standard Time'"
    )]
    [InlineData("MET", "zone_disagrees MET ", "this node and PostgreSQL disagree about 'MET'")]
    public async Task A_zone_that_is_lost_later_holds_the_message_with_a_word_and_nothing_is_told_in_UTC(
        string zone,
        string code,
        string problem
    )
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ExecuteAsync("UPDATE reminders.recipient SET zone = $1 WHERE reference = 'telegram:1001'", zone);
        await cluster.ApproveAsync(booking);
        await cluster.UntilAsync(
            """
            SELECT count(*) = 1 FROM reminders.outbox m JOIN reminders.every_attempt a ON a.message_id = m.id
            WHERE m.kind = 'CONFIRM_2H' AND m.state = 'retry' AND m.attempts = 0 AND a.outcome = 'zone unknown'
                AND starts_with(a.detail, $1)
            """,
            Patience,
            code
        );
        Assert.Empty(cluster.Telegram.Record.MessagesTo(1001));
        var finding = await LedgerChecks.ZonesAsync(new Database(cluster.Database), TestContext.Current.CancellationToken);
        Assert.Equal(Health.Bad, finding.Health);
        Assert.StartsWith("1 message waits, since their times would be guessed: " + problem, finding.Says(), StringComparison.Ordinal);

        // The data is brought up to date (here: the zone becomes one that is known).
        await cluster.ExecuteAsync("UPDATE reminders.recipient SET zone = 'Europe/Berlin' WHERE reference = 'telegram:1001'");
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now() WHERE state = 'retry'");
        await cluster.ExecuteAsync("SELECT pg_notify('reminders_outbox', '')");
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Any(), Patience);
        Assert.EndsWith(
            "(Europe/Berlin).\nWill you be there?",
            Assert.Single(cluster.Telegram.Record.MessagesTo(1001)).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_text_without_a_time_goes_whatever_the_zone()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            overrides: [("Kinds:NEWS:Subject", "customer"), ("Kinds:NEWS:Identity", "Once"), ("Kinds:NEWS:Templates:en:text", "News!")]
        );
        await cluster.KeepPeopleAsync(1);
        await cluster.ExecuteAsync("UPDATE reminders.recipient SET zone = 'Nowhere/Atlantis'");
        await cluster.AskAsync(new Notify("NEWS", "1", Recipients: ["u1"]));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(2001).Any(), Patience);
    }

    [Fact]
    public async Task Nobody_is_woken_because_PostgreSQL_cannot_tell_their_night()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [("Kinds:NEWS:Subject", "customer"), ("Kinds:NEWS:Identity", "Once"), ("Kinds:NEWS:Templates:en:text", "News!")]
        );
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.KeepPeopleAsync(1);
        await cluster.ExecuteAsync("UPDATE reminders.recipient SET zone = 'Nowhere/Atlantis', quiet_from = '22:00', quiet_to = '07:00'");
        await cluster.AskAsync(new Notify("NEWS", "1", Recipients: ["u1"]));
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = now()");
        await hand.FireAsync();
        var claims = await hand.Store.ClaimAsync("telegram", 10, TestContext.Current.CancellationToken);
        Assert.Empty((await hand.BeginAsync([.. claims])).Started);
        Assert.Equal(
            "pending",
            await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE due_at > now() + interval '9 minutes'")
        );
        Assert.Contains(
            "quiet hours end",
            (await LedgerChecks.ZonesAsync(new Database(cluster.Database), TestContext.Current.CancellationToken)).Says(),
            StringComparison.Ordinal
        );
    }

    private static void AssertRefused<T>(string field, string problem, Outcome<T> outcome) =>
        Assert.Contains(problem, Assert.Single(Assert.IsType<Outcome<T>.Invalid>(outcome).Errors[field]), StringComparison.Ordinal);
}
