using Reminders.Integration.Tests.Lists;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Outbox.Operators;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>An operator decides over many messages at the console: those ticked or all that match, told before and counted after.</summary>
public sealed class DecidingMany(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private const string SentAgain = "SELECT count(*) FROM reminders.outbox WHERE number = 1";

    [Fact]
    public async Task Those_ticked_and_all_that_match_are_told_before_typed_where_they_are_many_and_followed_to_their_end()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-many");
        var (dead, sentAgain) = (await FillAsync(55, "dead"), await nodes.First.ScalarAsync<long>(SentAgain));
        await olga.GoAsync("/console/outbox?state=dead");
        Assert.Contains("chat not found", olga.Find("#causes + table").TextContent, StringComparison.Ordinal);
        Assert.NotNull(olga.Find("button[formaction='/console/outbox/many/replay']"));
        await olga.GoAsync("/console/outbox/many/replay?ticked=1");
        Assert.Contains("Tick at least one message first.", olga.Text, StringComparison.Ordinal);

        // Two of them, ticked.
        await olga.GoAsync($"/console/outbox/many/replay?ticked=1&id={dead[0]}&id={dead[1]}");
        Assert.Contains("Chosen: 2 messages. To leave as new messages: 2.", olga.Text, StringComparison.Ordinal);
        Assert.Equal(0, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.bulk_action"));
        await olga.SubmitAsync("main form[method=post] button", ("reason", "mended"));
        Assert.StartsWith("/console/bulk/", olga.Path, StringComparison.Ordinal);
        await EndedAsync(olga, "2 of 2: 2 done, 0 not.");

        // The others, one of which is past its use: 53, so the number is typed.
        await nodes.First.ScalarAsync<long>("UPDATE reminders.outbox SET useful_until = now() WHERE id = $1 RETURNING id", dead[2]);
        await olga.GoAsync("/console/outbox?state=dead");
        await olga.FollowAsync("#causes + table a");
        Assert.Contains("Chosen: 53 messages. To leave as new messages: 52.", olga.Text, StringComparison.Ordinal);
        Assert.Contains("1 not: ", olga.Text, StringComparison.Ordinal);
        await olga.SubmitAsync("main form[method=post] button", ("reason", "mended"), ("number", "5"));
        Assert.Equal(422, olga.Status);
        Assert.Contains("Type 53", olga.Find("#problem").TextContent, StringComparison.Ordinal);
        Assert.Equal("mended", olga.Find("#reason").TextContent.Trim());

        // Two clicks, on two nodes: one decision.
        var form = olga.Form("main form[method=post] button", ("reason", "mended"), ("number", "53"));
        var (path, body) = (form.RequestUri!.PathAndQuery, await form.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await Task.WhenAll(((Uri[])[nodes.FirstAddress, nodes.SecondAddress]).Select(node => olga.SendOnlyAsync(Again(node))));
        Assert.Equal(2, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.bulk_action"));
        olga.Switch(nodes.SecondAddress);
        await olga.GoAsync($"/console/bulk/{await nodes.First.ScalarAsync<long>("SELECT max(id) FROM reminders.bulk_action")}");
        await EndedAsync(olga, "53 of 53: 52 done, 1 not.");
        Assert.Contains("it was of use until", olga.Text, StringComparison.Ordinal);
        Assert.Equal(sentAgain + 54, await nodes.First.ScalarAsync<long>(SentAgain));

        HttpRequestMessage Again(Uri node) =>
            new(HttpMethod.Post, new Uri(node, path))
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"),
            };
    }

    [Fact]
    public async Task Of_very_many_the_first_are_counted_some_are_tried_out_and_all_are_decided_over()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-very-many");
        var old = await FillAsync(1, "dead");
        var all = BulkActions.LookedThrough + 30;
        Assert.Equal(all, await nodes.First.ScalarAsync<long>(DeadRows.Add, "MANY_DEAD", all));
        try
        {
            await olga.GoAsync("/console/outbox/many/replay?reason=one+of+very+many");
            Assert.Matches(@"Replay: [\d,]+ messages or more", olga.Find("h1").TextContent);
            Assert.Contains("that were looked through, and whichever others match", olga.Text, StringComparison.Ordinal);
            Assert.Matches(@" of (20|40|60) that were tried out, as a sample\.", olga.Text);
            Assert.Equal(
                0,
                await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.bulk_action WHERE selection::text LIKE '%very many%'")
            );
            var typed = System.Text.RegularExpressions.Regex.Match(olga.Find("label[for=number]").TextContent, @"\d+$").Value;
            await olga.SubmitAsync("main form[method=post] button", ("reason", "mended"), ("number", typed));
            Assert.StartsWith("/console/bulk/", olga.Path, StringComparison.Ordinal);
            Assert.Contains($" of {all:N0}: ", olga.Text, StringComparison.Ordinal);
            await olga.FollowAsync("p.acts a");
            await olga.SubmitAsync("main form[method=post] button");

            // One that died before them all is not looked for by the page, which says so, and is decided over.
            await nodes.First.ScalarAsync<long>(
                "UPDATE reminders.outbox SET settled_at = now() - interval '1 day', reason = 'the oldest' WHERE id = $1 RETURNING id",
                old[0]
            );
            await olga.GoAsync("/console/outbox/many/replay?reason=the+oldest");
            Assert.Equal("Replay: whichever match", olga.Find("h1").TextContent);
            Assert.Contains("None of the first 10,000 match. How many of the others do is not known", olga.Text, StringComparison.Ordinal);
            await olga.SubmitAsync("main form[method=post] button", ("reason", "mended"), ("number", "0"));
            await EndedAsync(olga, "1 of 1: 1 done, 0 not.");
        }
        finally
        {
            await nodes.First.ScalarAsync<long>("WITH gone AS (DELETE FROM reminders.bulk_action RETURNING 1) SELECT count(*) FROM gone");
            await nodes.First.ScalarAsync<long>(DeadRows.Remove);
        }
    }

    private static async Task EndedAsync(PlainBrowser browser, string says)
    {
        var path = browser.Path;
        await Eventually.TrueAsync(
            async () =>
            {
                await browser.GoAsync(path);
                return browser.Text.Contains(says, StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30),
            says
        );
    }

    private async Task<long[]> FillAsync(int count, string state)
    {
        for (var n = 0; n < count; n++)
        {
            var chat = Random.Shared.Next(100_000, 900_000);
            var reply = await nodes.First.PostAsync("/api/bookings", WebNode.Booking($"Anna {n}", chat, TimeSpan.FromHours(4)));
            Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{(string)reply.Json["id"]!}/approve")).Status);
        }

        return await nodes.First.ScalarAsync<long[]>(
            $"""
            WITH fired AS (
                UPDATE reminders.occurrence SET state = 'fired', fired_at = now(), fired_by = 'test'
                WHERE kind = 'CONFIRM_2H' AND state = 'planned' RETURNING *),
            written AS (
                INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until,
                                              settled_at, reason, send_started_at)
                SELECT id, kind, recipient_id, 'telegram', 'send', '{state}', now(), useful_until, clock_timestamp(), 'chat not found', now()
                FROM fired RETURNING id)
            SELECT array_agg(id ORDER BY id) FROM written
            """
        );
    }
}
