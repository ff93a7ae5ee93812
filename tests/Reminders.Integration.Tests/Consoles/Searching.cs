using Reminders.Integration.Tests.Lists;
using Reminders.Lists;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>The outbox's page finds a message by what somebody has of it, and its address keeps what was asked.</summary>
public sealed class Searching(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_a_booking_an_error_and_a_providers_number_lead_to_the_message()
    {
        Assert.Equal(6, await ListRows.AddAsync(nodes.First, "searching", 0, 6));
        await RunAsync(
            """
            UPDATE reminders.outbox m SET provider_message_id = 'said-' || substr(r.reference, 2),
                   reason = CASE m.state WHEN 'dead' THEN 'chat not found: ' || repeat('x', 10000) END
            FROM reminders.recipient r WHERE r.id = m.recipient_id AND r.owner = 'searching'
            """
        );
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-searches");
        await olga.GoAsync("/console/outbox");
        await olga.SubmitAsync("form.filter button", ("person", "person 4"));
        var row = Assert.Single(olga.Page.QuerySelectorAll("main tbody tr"));
        Assert.Equal("person 4", olga.Find("#person").GetAttribute("value"));
        var key = await nodes.First.ScalarAsync<string>(
            "SELECT key FROM reminders.subject WHERE owner = 'searching' AND data ->> 'title' = 'Slot 4'"
        );
        foreach (var (field, value) in ((string, string)[])[("about", key), ("provider", "said-4"), ("person", "p4")])
        {
            await olga.GoAsync($"/console/outbox?{field}={value}");
            Assert.Equal(row.Id, Assert.Single(olga.Page.QuerySelectorAll("main tbody tr")).Id);
        }

        await olga.GoAsync("/console/outbox?state=dead&reason=CHAT+NOT");
        Assert.Equal(3, olga.Page.QuerySelectorAll("form[method=get] tbody tr").Length);
        // A decision over all of them goes by the reason as well; by a person it does not go, and is not offered.
        Assert.Contains("reason=CHAT%20NOT", olga.Find("a[href*='/outbox/many/replay']").GetAttribute("href"), StringComparison.Ordinal);
        await olga.GoAsync("/console/outbox?state=dead&reason=CHAT+NOT&person=p5");
        Assert.Single(olga.Page.QuerySelectorAll("form[method=get] tbody tr"));
        Assert.Empty(olga.Page.QuerySelectorAll("p.acts > a[href*='/outbox/many/replay']"));
        await olga.GoAsync("/console/outbox?provider=none");
        Assert.Contains("Nothing matches: none", olga.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_stops_it_says_how_far_it_looked_and_goes_on()
    {
        Assert.Equal(1, await ListRows.AddAsync(nodes.First, "far", 70, 1));
        await RunAsync(
            """
            WITH o AS (
                INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                    planned_by, fired_at)
                SELECT 'MANY', s.id, n, p.recipient_id, 'fired', '{}', '', now(), now(), 'test', now()
                FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id, generate_series(1, $1) n WHERE s.owner = 'far'
                RETURNING id, recipient_id, version)
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, created_at,
                settled_at, provider_message_id)
            SELECT id, 'MANY', recipient_id, 'telegram', 'send', 'sent', now(), now(),
                   timestamptz '2030-01-01Z' + version * interval '1 second',
                   now(), CASE version WHEN 5 THEN 'far-away' END FROM o
            """,
            MessageSearch.LookedThrough + 20
        );
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-far");
        await olga.GoAsync("/console/outbox?provider=far-away");
        Assert.Empty(olga.Page.QuerySelectorAll("main tbody tr"));
        Assert.StartsWith(
            "Nothing matches so far: far-away. Looked through what was written since ",
            olga.Find("#looked").TextContent.Trim(),
            StringComparison.Ordinal
        );
        await olga.FollowAsync("#looked + p a");
        Assert.Single(olga.Page.QuerySelectorAll("main tbody tr"));
        // Nobody else's search has to go through them.
        await RunAsync("DELETE FROM reminders.outbox WHERE kind = 'MANY'");
    }

    private async Task RunAsync(string sql, params object[] values)
    {
        await using var command = nodes.First.Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(Stop);
    }
}
