using System.Globalization;
using System.Text.Json;
using AngleSharp.Dom;
using Reminders.Integration.Tests.Support;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>Days that are not as others: 23 hours, 25 hours, five thousand slots, and one on which nothing leaves.</summary>
public sealed class OddDays(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private const int Most = 40 * 1024;

    public static TheoryData<string, string[][]> Changes =>
        new()
        {
            {
                "2027-03-28",
                [
                    ["2027-03-27T23:59+01:00"],
                    ["2027-03-28T00:00+01:00", "2027-03-28T01:59+01:00", "2027-03-28T03:00+02:00", "2027-03-28T23:59+02:00"],
                    ["2027-03-29T00:00+02:00"],
                ]
            },
            {
                "2027-10-31",
                [
                    ["2027-10-30T23:59+02:00"],
                    // Half past two comes twice.
                    ["2027-10-31T00:00+02:00", "2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00", "2027-10-31T23:59+01:00"],
                    ["2027-11-01T00:00+01:00"],
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Where_the_clock_is_changed_each_slot_stands_on_its_day_once(string day, string[][] days)
    {
        var greta = $"Greta {day}";
        var booked = new Dictionary<string, string>();
        foreach (var at in days.SelectMany(one => one))
        {
            booked[await InsertAsync(at, greta)] = at;
        }

        using var recruiter = await nodes.SignInAsync(ConsoleRole.Recruiter, $"greta-{day}", greta);
        var date = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        await recruiter.GoAsync($"/console/day?date={date.AddDays(-1):yyyy-MM-dd}");
        foreach (var expected in days)
        {
            var rows = recruiter.Page.QuerySelectorAll("main tbody tr").ToArray();
            Assert.Equal(expected, rows.Select(row => booked[row.Id!["booking-".Length..]]));
            // Its own clock in the first place, and the candidate's, eight or nine hours on, beside it.
            Assert.Equal(
                expected.Select(at =>
                    DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).ToString("HH:mm", CultureInfo.InvariantCulture)
                ),
                rows.Select(row => Clock(row.QuerySelector("time")!.TextContent))
            );
            Assert.All(rows, row => Assert.Contains("(Asia/Vladivostok)", row.TextContent, StringComparison.Ordinal));
            await recruiter.FollowAsync("a[rel=next]");
        }

        await recruiter.FollowAsync("a[rel=prev]");
        await recruiter.FollowAsync("a[rel=prev]");
        Assert.Contains(date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture), recruiter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_thousand_slots_on_a_day_are_read_page_by_page_each_once()
    {
        await nodes.First.ScalarAsync<long>(
            """
            WITH r AS (INSERT INTO reminders.recipient (reference, name, locale, zone)
                       SELECT 'many-' || n, CASE n WHEN 0 THEN 'Manya' ELSE 'Candidate ' || n END, 'en', 'UTC'
                       FROM generate_series(0, 5000) n
                       RETURNING id, reference),
            s AS (INSERT INTO reminders.subject (type, key, status, happens_at, data, created_by)
                  SELECT 'booking', gen_random_uuid()::text, 'approved',
                         timestamptz '2029-06-01 05:00Z' + n / 4 * interval '30 seconds',
                         jsonb_build_object('title', 'Slot ' || n, 'n', n), 'test' FROM generate_series(1, 5000) n RETURNING id, data),
            p AS (INSERT INTO reminders.party (subject_id, role, recipient_id)
                  SELECT s.id, 'candidate', r.id FROM s JOIN r ON r.reference = 'many-' || (s.data ->> 'n')
                  UNION ALL SELECT s.id, 'recruiter', r.id FROM s JOIN r ON r.reference = 'many-0' RETURNING 1)
            SELECT count(*) FROM p
            """
        );
        using var manya = await nodes.SignInAsync(ConsoleRole.Recruiter, "manya", "many-0");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-many");
        foreach (var browser in (PlainBrowser[])[manya, olga])
        {
            await browser.GoAsync("/console/day?date=2029-06-01");
            var read = new List<string>();
            while (true)
            {
                Assert.InRange(await PackedAsync(browser), 1, Most);
                read.AddRange(browser.Page.QuerySelectorAll("main tbody tr").Select(row => row.Id!));
                if (browser.Page.QuerySelector("main > p:last-of-type a.button") is null)
                {
                    break;
                }

                await browser.FollowAsync("main > p:last-of-type a.button");
            }

            Assert.Equal(5000, read.Count);
            Assert.Equal(5000, read.Distinct().Count());
        }

        await manya.GoAsync("/console/day?date=2029-05-30");
        Assert.Contains("1 June 2029", manya.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_booking_that_is_moved_stands_on_its_recruiters_new_day_and_no_other()
    {
        var (first, then) = (Noon(30), Noon(38));
        var id = await BookAsync(first.ToString("O"), "Moritz");
        using var moritz = await nodes.SignInAsync(ConsoleRole.Recruiter, "moritz", "Moritz");
        await moritz.GoAsync($"/console/day?date={first:yyyy-MM-dd}");
        Assert.NotNull(moritz.Page.QuerySelector($"#booking-{id}"));
        var moved = await nodes.Second.PostAsync($"/api/bookings/{id}/move", $$"""{ "startsAt": "{{then:O}}" }""");
        Assert.Equal(200, moved.Status);
        await moritz.GoAsync($"/console/day?date={first:yyyy-MM-dd}");
        Assert.Contains("Nobody is booked with you on this day", moritz.Text, StringComparison.Ordinal);
        await moritz.FollowAsync("main > p a[href*=date]");
        Assert.Contains(then.ToString("d MMMM yyyy", CultureInfo.InvariantCulture), moritz.Text, StringComparison.Ordinal);
        Assert.NotNull(moritz.Page.QuerySelector($"#booking-{id}"));
    }

    [Fact]
    public async Task A_pause_stands_in_the_rows_of_what_it_holds_up_and_in_no_others()
    {
        var soon = await BookAsync(TimeProvider.System.GetUtcNow().AddHours(30).ToString("O"), "Paula", approve: true);
        var later = await BookAsync(TimeProvider.System.GetUtcNow().AddHours(100).ToString("O"), "Paula", approve: true);
        await nodes.First.ScalarAsync<long>(
            """
            INSERT INTO reminders.kind_pause (kind, since, until, paused_by, reason)
            VALUES ('CONFIRM_2H', now(), now() + interval '50 hours', 'console:olga', 'the texts are wrong') RETURNING 1::bigint
            """
        );
        using var paula = await nodes.SignInAsync(ConsoleRole.Recruiter, "paula", "Paula");
        IElement? says = null;
        await Eventually.TrueAsync(
            async () =>
            {
                await paula.GoAsync("/console/day?view=week");
                return (says = paula.Page.QuerySelector($"#booking-{soon} .held-up")) is not null;
            },
            TimeSpan.FromSeconds(30),
            "the pause is seen"
        );
        Assert.StartsWith("Paused by olga until ", says!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Null(paula.Page.QuerySelector($"#booking-{later} .held-up"));
        await nodes.First.ScalarAsync<long>("DELETE FROM reminders.kind_pause RETURNING 1::bigint");
    }

    private static DateTimeOffset Noon(int days) =>
        new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(days).AddHours(12), TimeSpan.Zero);

    /// <summary>Whenever it is.</summary>
    private Task<string> InsertAsync(string at, string recruiter) =>
        nodes.First.ScalarAsync<string>(
            """
            WITH known AS (SELECT id FROM reminders.recipient WHERE reference = $2),
            r AS (INSERT INTO reminders.recipient (reference, name, locale, zone)
                  SELECT $2, $2, 'en', 'Europe/Berlin' WHERE NOT EXISTS (SELECT FROM known) RETURNING id),
            c AS (INSERT INTO reminders.recipient (reference, name, locale, zone) VALUES ($2 || $1, 'Anna', 'en', 'Asia/Vladivostok')
                  RETURNING id),
            s AS (INSERT INTO reminders.subject (type, key, status, happens_at, data, created_by)
                  VALUES ('booking', gen_random_uuid()::text, 'approved', $1::timestamptz, '{"title": "Slot"}', 'test') RETURNING id, key),
            p AS (INSERT INTO reminders.party (subject_id, role, recipient_id)
                  SELECT s.id, 'candidate', c.id FROM s, c
                  UNION ALL SELECT s.id, 'recruiter', w.id FROM s, (SELECT id FROM known UNION ALL SELECT id FROM r) w)
            SELECT key FROM s
            """,
            at,
            recruiter
        );

    private static string Clock(string shown) =>
        DateTime.Parse(shown.Trim(), CultureInfo.GetCultureInfo("en-US")).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How many bytes the page that it is on has on the wire.</summary>
    private static async Task<int> PackedAsync(PlainBrowser browser)
    {
        using var reply = await browser.SendOnlyAsync(browser.Packed(browser.Path));
        Assert.Equal("gzip", Assert.Single(reply.Content.Headers.ContentEncoding));
        return (await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length;
    }

    private async Task<string> BookAsync(string at, string recruiter, bool approve = false)
    {
        var reply = await nodes.First.PostAsync(
            "/api/bookings",
            JsonSerializer.Serialize(
                new
                {
                    title = "Backend engineer",
                    startsAt = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture),
                    candidate = new
                    {
                        name = "Anna",
                        zone = "Asia/Vladivostok",
                        telegramChatId = Random.Shared.Next(100_000, 900_000),
                    },
                    recruiter = new
                    {
                        name = recruiter,
                        zone = "Europe/Berlin",
                        reference = recruiter,
                    },
                }
            )
        );
        Assert.True(reply.Status == 201, reply.Text);
        var id = (string)reply.Json["id"]!;
        if (approve)
        {
            Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/approve")).Status);
        }

        return id;
    }
}
