using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Web.Console;
using Reminders.Web.Console.Reads;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>Whatever of the next week needs a person is listed page by page, each of them full, and nothing else is.</summary>
public sealed class NeedingSomebody(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_statement_finds_what_a_slots_state_says_and_nothing_else()
    {
        var (recruiter, reference) = await RecruiterAsync();
        var other = await nodes.First.BookAsync("Deciding");
        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{other}/approve")).Status);
        // Each status with each state of its question, and of that one's message; answered or not, decided by another, in reach.
        var made = await nodes.First.ScalarAsync<long>(
            """
            WITH c AS MATERIALIZED (
                SELECT row_number() OVER () AS n, status, question, message, unanswered, decided, reachable
                FROM unnest('{proposed,approved,confirmed,declined,cancelled}'::text[]) status,
                     unnest('{none,planned,waiting,fired,skipped,cancelled}'::text[]) question,
                     unnest('{none,pending,retry,sent,uncertain,dead,cancelled}'::text[]) message,
                     unnest('{true,false}'::boolean[]) unanswered, unnest('{true,false}'::boolean[]) decided,
                     unnest('{true,false}'::boolean[]) reachable
                WHERE (question <> 'none' OR message = 'none' AND NOT decided)),
            r AS (INSERT INTO reminders.recipient (reference, name, locale, zone)
                  SELECT 'needs-' || n, 'Candidate ' || n, 'en', 'UTC' FROM c RETURNING id, reference),
            a AS (INSERT INTO reminders.address (recipient_id, channel, address)
                  SELECT r.id, 'telegram', (7000000 + c.n)::text FROM c JOIN r ON r.reference = 'needs-' || c.n WHERE c.reachable),
            s AS (INSERT INTO reminders.subject (type, key, status, happens_at, data, created_by)
                  SELECT 'booking', gen_random_uuid()::text, status, now() + interval '5 days' + n * interval '30 seconds',
                         jsonb_build_object('title', 'Slot ' || n, 'n', n), 'test' FROM c RETURNING id, data),
            p AS (INSERT INTO reminders.party (subject_id, role, recipient_id)
                  SELECT s.id, 'candidate', r.id FROM s JOIN r ON r.reference = 'needs-' || (s.data ->> 'n')
                  UNION ALL SELECT s.id, 'recruiter', $1 FROM s),
            o AS (INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, has_buttons, due_at,
                                                    useful_until, planned_by, decided_by, fired_at)
                  SELECT 'CONFIRM_2H', s.id, 1, r.id, c.question, '{approved}', '', true, now() + interval '4 days', now() + interval '5 days',
                         'test', CASE WHEN c.decided THEN (SELECT min(id) FROM reminders.occurrence) END,
                         CASE c.question WHEN 'fired' THEN now() END
                  FROM c JOIN s ON s.data ->> 'n' = c.n::text JOIN r ON r.reference = 'needs-' || c.n WHERE c.question <> 'none'
                  RETURNING id, subject_id, recipient_id),
            f AS (INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                                                    planned_by, fired_at)
                  SELECT 'NO_ANSWER_1H', s.id, 1, $1, 'fired', '{approved}', '', now(), now() + interval '5 days', 'test', now()
                  FROM c JOIN s ON s.data ->> 'n' = c.n::text WHERE c.unanswered),
            m AS (INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, settled_at)
                  SELECT o.id, 'CONFIRM_2H', o.recipient_id, 'telegram', 'send', c.message, now() + interval '4 days',
                         now() + interval '5 days', CASE WHEN c.message IN ('pending', 'retry') THEN NULL ELSE now() END
                  FROM c JOIN s ON s.data ->> 'n' = c.n::text JOIN o ON o.subject_id = s.id WHERE c.message <> 'none')
            SELECT count(*) FROM c
            """,
            recruiter
        );
        var all = await ReadAsync(recruiter, needs: false);
        Assert.Equal(made, all.Count);
        Assert.Equal(
            all.Where(slot => slot.NeedsSomebody).Select(slot => slot.Id),
            (await ReadAsync(recruiter, needs: true)).Select(slot => slot.Id)
        );
        Assert.Equal(Enum.GetValues<SlotState>().Order(), all.Select(slot => slot.State).Distinct().Order());

        using var nadia = await nodes.SignInAsync(ConsoleRole.Recruiter, "nadia", reference);
        await nadia.GoAsync("/console/day?view=needs");
        Assert.Equal(DayReader.Page, nadia.Page.QuerySelectorAll("main tbody tr").Length);
        Assert.Equal(0, nadia.Page.QuerySelectorAll("main tbody .mark-good").Length);
    }

    [Fact]
    public async Task Behind_very_many_that_need_nobody_it_says_how_far_it_looked_and_goes_on()
    {
        var (recruiter, reference) = await RecruiterAsync();
        await nodes.First.ScalarAsync<long>(
            """
            WITH s AS (INSERT INTO reminders.subject (type, key, status, happens_at, data, created_by)
                       SELECT 'booking', gen_random_uuid()::text, CASE n WHEN $2 THEN 'declined' ELSE 'confirmed' END,
                              now() + interval '1 day' + n * interval '1 second', jsonb_build_object('title', 'Slot ' || n), 'test'
                       FROM generate_series(1, $2) n RETURNING id),
            p AS (INSERT INTO reminders.party (subject_id, role, recipient_id)
                  SELECT s.id, role, $1 FROM s, unnest('{candidate,recruiter}'::text[]) role RETURNING 1)
            SELECT count(*) FROM p
            """,
            recruiter,
            DayReader.LookedThrough + 1
        );
        using var browser = await nodes.SignInAsync(ConsoleRole.Recruiter, $"far-{recruiter}", reference);
        await browser.GoAsync("/console/day?view=needs");
        Assert.Empty(browser.Page.QuerySelectorAll("main tbody tr"));
        Assert.StartsWith("Looked through the bookings until ", browser.Find("#looked").TextContent, StringComparison.Ordinal);
        await browser.FollowAsync("#looked + p a");
        Assert.Single(browser.Page.QuerySelectorAll("main tbody tr"));
        Assert.Null(browser.Page.QuerySelector("#looked"));
    }

    private async Task<(long Id, string Reference)> RecruiterAsync()
    {
        var reference = $"needed-{Guid.NewGuid():N}";
        return (
            await nodes.First.ScalarAsync<long>(
                "INSERT INTO reminders.recipient (reference, name, locale, zone) VALUES ($1, 'Nadia', 'en', 'UTC') RETURNING id",
                reference
            ),
            reference
        );
    }

    /// <summary>All that there is, page by page, of which all but the last are full.</summary>
    private async Task<List<Slot>> ReadAsync(long recruiter, bool needs)
    {
        await using var scope = nodes.First.Engine.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ConsoleDatabase>();
        var (days, transaction) = (
            scope.ServiceProvider.GetRequiredService<DayReader>(),
            scope.ServiceProvider.GetRequiredService<CommandTransaction>()
        );
        var now = TimeProvider.System.GetUtcNow();
        var (slots, after) = (new List<Slot>(), ((DateTimeOffset, long)?)null);
        while (true)
        {
            var page = await database.ReadAsync(
                transaction,
                () => days.ReadAsync(recruiter, now, now.AddDays(7), after, needs, Stop),
                Stop
            );
            slots.AddRange(page.Slots);
            if (page.Next is null)
            {
                return slots;
            }

            Assert.Equal(DayReader.Page, page.Slots.Count);
            after = page.Next;
        }
    }
}
