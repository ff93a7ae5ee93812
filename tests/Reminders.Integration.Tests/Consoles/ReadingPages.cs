using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Integration.Tests.Support;
using Reminders.Tallies;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>What is read and cannot be changed: numbers, what was held back, the scheduler, kinds, and what is in a chat.</summary>
public sealed class ReadingPages(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_overview_says_what_became_of_messages_and_how_late_they_were()
    {
        var id = await BookAsync("Numa", 1.2);
        await SettleAsync(id, "sent");
        while (await nodes.First.Engine.GetRequiredService<Tally>().CloseAsync(Tally.Step, Stop)) { }
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-numbers");
        foreach (var span in (string[])["hour", "day", "month"])
        {
            await olga.GoAsync($"/console/overview?span={span}");
            var row = olga
                .Page.QuerySelectorAll("table[aria-labelledby=throughput] tbody tr")
                .Single(row => row.TextContent.Contains("reminder with two buttons", StringComparison.Ordinal));
            Assert.NotEqual("0", row.QuerySelector("[data-label=Sent]")!.TextContent.Trim());
            Assert.NotEqual("none", row.QuerySelector("[data-label='Half within (p50)']")!.TextContent.Trim());
            Assert.NotNull(olga.Page.QuerySelector("svg.chart rect.bar-sent"));
            // The bars again, as numbers.
            Assert.Contains(olga.Page.QuerySelectorAll("details tbody td[data-label=Sent]"), cell => cell.TextContent.Trim() != "0");
        }
    }

    [Fact]
    public async Task Pages_and_assets_travel_packed_and_the_live_stream_does_not()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-packed");
        await olga.GoAsync("/console/overview");
        var style = olga.Find("link[rel=stylesheet]").GetAttribute("href")!;
        var script = olga.Find("script[src]").GetAttribute("src")!;
        // On a slow line it would take from the style sheet's part.
        Assert.Equal(script, olga.Page.Body!.LastElementChild!.GetAttribute("src"));
        foreach (var path in (string[])["/console/overview", "/console/not-there", style, script])
        {
            using var reply = await olga.SendOnlyAsync(olga.Packed(path));
            Assert.Equal("gzip", Assert.Single(reply.Content.Headers.ContentEncoding));
        }

        using var live = await olga.SendOnlyAsync(olga.Packed("/console/live"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", live.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("gzip", live.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task What_was_held_back_stands_with_the_row_that_decided()
    {
        var id = await BookAsync("Supa", 48);
        var row = await nodes.First.ScalarAsync<long>(
            "SELECT o.id FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key = $1 AND o.has_buttons",
            id
        );
        await RunAsync(
            """
            INSERT INTO reminders.suppression (occurrence_id, rule, last_by, first_at)
            SELECT $1, 'rule' || n, 'somebody', now() - n * interval '1 second' FROM generate_series(1, 60) n
            """,
            row
        );
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-held-back");
        await olga.GoAsync("/console/suppressed?kind=CONFIRM_2H");
        Assert.Equal(50, olga.Page.QuerySelectorAll("main tbody tr").Length);
        Assert.NotNull(olga.Page.QuerySelector($"a[href='/console/bookings/{id}#row-{row}']"));
        await olga.FollowAsync("main > p:last-of-type a.button");
        Assert.Equal(
            10,
            olga.Page.QuerySelectorAll("main tbody tr").Count(one => one.TextContent.Contains("rule", StringComparison.Ordinal))
        );
        await olga.GoAsync("/console/suppressed?rule=rule7");
        Assert.Single(olga.Page.QuerySelectorAll("main tbody tr"));
        await olga.GoAsync("/console/suppressed?kind=NO_ANSWER_1H&rule=rule7");
        Assert.Contains("Nothing matches: NO_ANSWER_1H, rule7", olga.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scheduler_shows_what_waits_for_each_instant_and_that_a_missing_trigger_is_harmless()
    {
        var id = await BookAsync("Quinta", 72);
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-quartz");
        await Eventually.TrueAsync(
            async () =>
            {
                await olga.GoAsync("/console/quartz?kind=CONFIRM_2H");
                return olga.Page.QuerySelectorAll("table[aria-labelledby=due] tbody tr").Length > 0;
            },
            TimeSpan.FromSeconds(30),
            "its trigger is there"
        );
        var waits = olga
            .Page.QuerySelectorAll("table[aria-labelledby=due] td:last-child")
            .Select(cell => cell.TextContent.Trim())
            .ToArray();
        Assert.Contains(waits, one => int.TryParse(one, out var waiting) && waiting >= 1);
        Assert.Contains("So a missing trigger is harmless", olga.Text, StringComparison.Ordinal);
        await RunAsync("DELETE FROM reminders.occurrence o USING reminders.subject s WHERE s.id = o.subject_id AND s.key = $1", id);
        await olga.GoAsync("/console/quartz?kind=CONFIRM_2H");
        Assert.Contains("it will find nothing, which is harmless", olga.Text, StringComparison.Ordinal);
        await olga.GoAsync("/console/quartz?kind=NEVER");
        Assert.Contains("Nothing matches: NEVER", olga.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_shows_its_texts_in_each_language_with_its_buttons()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-kinds");
        await olga.GoAsync("/console/kinds");
        await olga.FollowAsync("a[href='/console/kinds/CONFIRM_2H']");
        Assert.Contains("2 hours before the start, once it is approved", olga.Text, StringComparison.Ordinal);
        Assert.Contains("Hello Anna Ivanova! Your interview \"Backend engineer\"", olga.Text, StringComparison.Ordinal);
        Assert.Contains("Здравствуйте, Anna Ivanova!", olga.Text, StringComparison.Ordinal);
        Assert.Equal("✅ Подтверждаю", olga.Find(".keys li[lang=ru]").TextContent.Trim());
        Assert.Empty(olga.Page.QuerySelectorAll(".problem"));
        await olga.GoAsync("/console/kinds/NOTHING");
        Assert.Equal(404, olga.Status);
    }

    [Fact]
    public async Task Every_kind_can_be_shown_with_its_samples()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-all-kinds");
        await olga.GoAsync("/console/kinds");
        var all = olga.Page.QuerySelectorAll("main tbody a").Select(link => link.GetAttribute("href")!).ToArray();
        Assert.NotEmpty(all);
        foreach (var path in all)
        {
            await olga.GoAsync(path);
            Assert.True(olga.Page.QuerySelector(".problem") is null, $"{path}: {olga.Page.QuerySelector(".problem")?.TextContent}");
        }
    }

    [Fact]
    public async Task A_booking_shows_what_its_candidate_sees_before_after_and_once_it_is_off()
    {
        var id = await BookAsync("Chata", 1.3, locale: "ru");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-chat");
        await olga.GoAsync($"/console/bookings/{id}");
        Assert.Contains("Nothing has arrived yet", olga.Text, StringComparison.Ordinal);
        Assert.Contains(
            "Здравствуйте, Chata! Ваше собеседование «Backend engineer»",
            olga.Find(".bubble").TextContent,
            StringComparison.Ordinal
        );
        Assert.Contains("Europe/Moscow", olga.Find(".bubble").TextContent, StringComparison.Ordinal);
        Assert.Equal(2, olga.Page.QuerySelectorAll(".keys li").Length);

        var message = await SettleAsync(id, "sent");
        await olga.GoAsync($"/console/bookings/{id}");
        Assert.Contains("It stands there as it was sent.", olga.Text, StringComparison.Ordinal);

        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/cancel")).Status);
        foreach (var path in (string[])[$"/console/bookings/{id}", $"/console/messages/{message}"])
        {
            await olga.GoAsync(path);
            Assert.Contains("is being changed to this", olga.Text, StringComparison.Ordinal);
            Assert.Equal("🚫 Это собеседование отменено.", olga.Find(".bubble").TextContent);
            Assert.Null(olga.Page.QuerySelector(".keys"));
        }

        await RunAsync("UPDATE reminders.outbox SET state = 'sent', lease_until = NULL, settled_at = now() WHERE target_id = $1", message);
        await olga.GoAsync($"/console/bookings/{id}");
        Assert.Contains("It was sent earlier as another text, and changed to this.", olga.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_link_can_be_scanned_by_whoever_may_see_the_booking()
    {
        nodes.First.Engine.GetRequiredService<BotProfile>().Learn("reminders_bot");
        var id = await BookAsync("Scanna", 50, chat: null);
        await BookAsync("Other", 50, recruiter: "Rob");
        var reference = await nodes.First.ScalarAsync<string>("SELECT reference FROM reminders.recipient WHERE name = 'Rob' LIMIT 1");
        using var other = await nodes.SignInAsync(ConsoleRole.Recruiter, "rob-scan", reference);
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-scan");
        await olga.GoAsync($"/console/bookings/{id}");
        var path = olga.Find("img.qr").GetAttribute("src")!;
        using var picture = await olga.SendOnlyAsync(new(HttpMethod.Get, new Uri(nodes.FirstAddress, path)));
        Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("<svg ", await picture.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await other.SendOnlyAsync(new(HttpMethod.Get, new Uri(nodes.FirstAddress, path)))).StatusCode
        );
    }

    [Fact]
    public async Task The_story_says_who_found_that_its_time_had_come()
    {
        var id = await BookAsync("Viana", 1.1);
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-via");
        await Eventually.TrueAsync(
            async () =>
            {
                await olga.GoAsync($"/console/bookings/{id}");
                return olga.Text.Contains("its time came", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30),
            "it fired"
        );
        var via = await nodes.First.ScalarAsync<string>(
            "SELECT o.fired_via FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key = $1 "
                + "AND o.has_buttons",
            id
        );
        Assert.Contains(via, (string[])["trigger", "reconciler", "dispatcher"]);
        Assert.Contains($"the {via}", olga.Text.Replace("its trigger", "the trigger", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private async Task<long> SettleAsync(string booking, string state)
    {
        long message = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                // Telegram refuses connections here; this is what it would have come to.
                await using var settle = nodes.First.Database.CreateCommand(
                    """
                    UPDATE reminders.outbox m SET state = $2, settled_at = now(), send_started_at = now(), lease_until = NULL,
                           lease_token = lease_token + 1, provider_message_id = '77'
                    FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
                    WHERE o.id = m.occurrence_id AND s.key = $1 AND o.kind = 'CONFIRM_2H' AND m.state IN ('pending', 'retry') RETURNING m.id
                    """
                );
                settle.Parameters.Add(new() { Value = booking });
                settle.Parameters.Add(new() { Value = state });
                return await settle.ExecuteScalarAsync(Stop) is long done && (message = done) > 0;
            },
            TimeSpan.FromSeconds(30),
            $"the message is {state}"
        );
        return message;
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

    private async Task<string> BookAsync(string name, double hours, string locale = "en", int? chat = 0, string recruiter = "Rita")
    {
        var reply = await nodes.First.PostAsync(
            "/api/bookings",
            JsonSerializer.Serialize(
                new
                {
                    title = "Backend engineer",
                    place = "Room 4",
                    startsAt = TimeProvider.System.GetUtcNow().AddHours(hours),
                    candidate = new
                    {
                        name,
                        zone = "Europe/Moscow",
                        locale,
                        telegramChatId = chat is null ? null : (int?)Random.Shared.Next(100_000, 900_000),
                    },
                    recruiter = new { name = recruiter, telegramChatId = recruiter == "Rita" ? 9001 : 9002 },
                }
            )
        );
        Assert.Equal(201, reply.Status);
        var id = (string)reply.Json["id"]!;
        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/approve")).Status);
        return id;
    }
}
