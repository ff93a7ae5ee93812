using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Integration.Tests.Support;
using Reminders.Tallies;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>
/// Each page as people see it: light and dark, at a desk and on a phone, in both languages. axe finds nothing, nothing scrolls sideways,
/// and a picture of each is left in <c>.local/screens</c> for somebody to look at.
/// </summary>
public sealed class EveryPage(ConsoleNodes nodes, Chromium chromium) : IClassFixture<ConsoleNodes>, IClassFixture<Chromium>
{
    private const string LongName =
        "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafewarenwohlgepflege";
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    private const string RightToLeft = "أحمد بن محمد <script>alert('x')</script>";

    public static TheoryData<Look> Looks =>
        [new Look("en", false, false), new Look("ru", true, true), new Look("en", true, false), new Look("ru", false, true)];

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Can_be_read_by_everybody(Look look)
    {
        nodes.First.Engine.GetRequiredService<BotProfile>().Learn("reminders_bot");
        var (booking, story, doubt, dead) = await FillAsync();
        await using var context = await chromium.OpenAsync(look);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            // What was refused by the page's own policy. A stream that ends with its page is none of it.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                errors.Add($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => errors.Add($"{page.Url}: {error}");
        var wrong = new List<string>();
        await SeeAsync("sign-in", "/console/sign-in");
        await SeeAsync("join", await nodes.JoinPathAsync(ConsoleRole.Administrator));
        await nodes.JoinAsync(page, ConsoleRole.Administrator, $"olga-{look}", "/overview");
        await SeeAsync("overview", "/console/overview");
        await SeeAsync("overview-month", "/console/overview?span=month");
        await SeeAsync("suppressed", "/console/suppressed");
        await SeeAsync("suppressed-nothing", "/console/suppressed?rule=never");
        await SeeAsync("quartz", "/console/quartz");
        await SeeAsync("quartz-nothing", "/console/quartz?kind=NEVER");
        await SeeAsync("kinds", "/console/kinds");
        await SeeAsync("kind", "/console/kinds/CONFIRM_2H");
        await SeeAsync("week", "/console/day?view=week");
        await SeeAsync("day-empty", "/console/day?date=2031-01-05");
        await SeeAsync("needs", "/console/day?view=needs");
        await SeeAsync("booking", $"/console/bookings/{booking}");
        await SeeAsync("start-link", $"/console/bookings/{await BookAsync("Nobody yet", 51, isReachable: false)}");
        await SeeAsync("story", $"/console/bookings/{story}");
        await SeeAsync("approve", $"/console/bookings/{booking}/approve");
        await SeeAsync("move", $"/console/bookings/{booking}/move");
        await SeeAsync("move-typed", $"/console/bookings/{booking}/move?start=2035-05-05T15:00");
        await SeeAsync("give", $"/console/bookings/{booking}/give");
        await SeeAsync("cancel", $"/console/bookings/{booking}/cancel");
        await SeeAsync("outbox", "/console/outbox");
        await SeeAsync("in-doubt", "/console/outbox?state=uncertain");
        await SeeAsync("nothing-matches", "/console/outbox?state=sent&person=nobody");
        await SeeAsync("message", $"/console/messages/{doubt}");
        await SeeAsync("resend", $"/console/messages/{doubt}/resend");
        await SeeAsync("replay", $"/console/messages/{dead}/replay");
        await SeeAsync("cluster", "/console/cluster");
        await SeeAsync("doctor", "/console/doctor");
        await SeeAsync("pause", "/console/channels/telegram/pause");
        await SeeAsync("pause-kind", "/console/kinds/CONFIRM_2H/pause");
        await SeeAsync("resume-channel", "/console/channels/telegram/resume");
        await SeeAsync("dead", "/console/outbox?state=dead");
        await SeeAsync("many", $"/console/outbox/many/replay?id={dead}");
        await SeeAsync("many-none", "/console/outbox/many/replay?ticked=1");
        await SeeAsync("bulk", $"/console/bulk/{await BulkAsync(dead)}");
        await SeeAsync("audit", "/console/audit");
        await SeeAsync("find", "/console/find?q=A");
        await SeeAsync("found-nothing", "/console/find?q=zzzz");
        await SeeAsync("accounts", "/console/accounts");
        await SeeAsync("keys", "/console/keys");
        await SeeAsync("not-there", "/console/bookings/00000000-0000-0000-0000-000000000000");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Empty(errors);

        async Task SeeAsync(string name, string path)
        {
            await page.GotoAsync(new Uri(nodes.FirstAddress, path).ToString());
            await Screens.KeepAsync(page, $"{name}-{look}");
            // Its colours and its words are those of another look.
            if (look.IsJudged)
            {
                wrong.AddRange((await Axe.JudgeAsync(page, Rules)).Select(one => $"{look} {name}: {one}"));
            }

            var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (width > 0)
            {
                wrong.Add($"{look} {name}: scrolls sideways by {width}");
            }

            var outside = await page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('.cards tbody tr')].flatMap(row => [...row.querySelectorAll('a, time, strong')]"
                    + ".filter(e => e.getBoundingClientRect().right > row.getBoundingClientRect().right)).map(e => e.outerHTML.slice(0, 80))"
            );
            wrong.AddRange(outside.Select(one => $"{look} {name}: sticks out of its row: {one}"));
            var small = await page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('button, .button, input:not([type=hidden]):not([type=checkbox]), label.tick, select')]"
                    + ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 80))"
            );
            wrong.AddRange(small.Select(one => $"{look} {name}: lower than 44 px: {one}"));
        }
    }

    /// <summary>A decision over many that is over: one done, or found done, and one that is none.</summary>
    private async Task<long> BulkAsync(long dead)
    {
        var id = await nodes.First.ScalarAsync<long>(
            """
            INSERT INTO reminders.bulk_action (act, selection, reason, asked_by, total, ended_at)
            VALUES ('replay', '{"AsOf": "2031-01-05T10:00:00Z", "Kind": "CONFIRM_2H"}', 'mended', 'console:olga', 2, now()) RETURNING id
            """
        );
        await nodes.First.ScalarAsync<long>(
            """
            INSERT INTO reminders.bulk_message (bulk_id, subject_id, message_id, done_at, refusal)
            VALUES ($1, 1, $2, now(), 'it was of use until 2031-01-05 11:00 UTC') RETURNING bulk_id
            """,
            id,
            dead
        );
        return id;
    }

    private async Task<(string Booking, string Story, long Doubt, long Dead)> FillAsync()
    {
        var booking = await BookAsync("Anna Ivanova", 48);
        await BookAsync(LongName, 49);
        await BookAsync(RightToLeft, 50);
        var soon = new[] { await BookAsync("Boris", 1.2), await BookAsync("Clara", 1.3) };
        var messages = new List<long>();
        foreach (
            var (id, state, reason) in new[]
            {
                (soon[0], "uncertain", "the connection was cut after the bytes were written"),
                (soon[1], "dead", "chat not found"),
            }
        )
        {
            Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/approve")).Status);
            long message = 0;
            await Eventually.TrueAsync(
                async () =>
                {
                    // Telegram refuses connections here; this is what it would have come to.
                    await using var settle = nodes.First.Database.CreateCommand(
                        """
                        UPDATE reminders.outbox m SET state = $2, reason = $3, settled_at = now(), send_started_at = now(), lease_until = NULL,
                               lease_token = lease_token + 1
                        FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
                        WHERE o.id = m.occurrence_id AND s.key = $1 AND o.kind = 'CONFIRM_2H' AND m.state IN ('pending', 'retry') RETURNING m.id
                        """
                    );
                    settle.Parameters.Add(new() { Value = id });
                    settle.Parameters.Add(new() { Value = state });
                    settle.Parameters.Add(new() { Value = reason });
                    return await settle.ExecuteScalarAsync(TestContext.Current.CancellationToken) is long done && (message = done) > 0;
                },
                TimeSpan.FromSeconds(30),
                $"the message is {state}"
            );
            messages.Add(message);
        }

        // Of a kind whose name has no place to break.
        await nodes.First.ScalarAsync<long>(
            """
            INSERT INTO reminders.outbox
                (occurrence_id, kind, recipient_id, channel, operation, number, state, reason, due_at, useful_until, settled_at)
            SELECT occurrence_id, 'CARTS_ABANDONED_FOR_LONG', recipient_id, channel, operation, 7, state, reason, due_at, useful_until, settled_at
            FROM reminders.outbox WHERE id = $1 RETURNING id
            """,
            messages[^1]
        );
        await using (
            var more = nodes.First.Database.CreateCommand(
                """
                INSERT INTO reminders.suppression (occurrence_id, rule, count, last_by)
                SELECT id, 'version', 3, 'test' FROM reminders.occurrence ON CONFLICT DO NOTHING
                """
            )
        )
        {
            await more.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        while (await nodes.First.Engine.GetRequiredService<Tally>().CloseAsync(Tally.Step, TestContext.Current.CancellationToken)) { }
        return (booking, soon[0], messages[0], messages[1]);
    }

    private async Task<string> BookAsync(string name, double hours, bool isReachable = true)
    {
        var reply = await nodes.First.PostAsync(
            "/api/bookings",
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    title = "Backend engineer",
                    place = "Room 4",
                    startsAt = TimeProvider.System.GetUtcNow().AddHours(hours),
                    candidate = new
                    {
                        name,
                        zone = "Europe/Moscow",
                        telegramChatId = isReachable ? Random.Shared.Next(100_000, 900_000) : (int?)null,
                    },
                    recruiter = new { name = "Rita", telegramChatId = 9001 },
                }
            )
        );
        Assert.Equal(201, reply.Status);
        return (string)reply.Json["id"]!;
    }
}
