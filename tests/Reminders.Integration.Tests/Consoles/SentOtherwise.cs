using System.Text.Json;
using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>A message that was sent under other texts than stand now is shown with that said: its booking, itself, its story.</summary>
public sealed class SentOtherwise(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private const string Sure = "it was sent under an earlier text of its kind (version 0): ";

    [Fact]
    public async Task A_booking_a_message_the_story_and_the_command_line_say_so_and_near_the_change_that_it_may_be()
    {
        var (booking, message) = await SendAsync(nodes.First);
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-otherwise");
        await olga.GoAsync($"/console/bookings/{booking}");
        Assert.Contains("It stands there as it was sent.", olga.Text, StringComparison.Ordinal);
        Assert.Null(olga.Page.QuerySelector("#earlier-text"));

        await SetAsync("text", "Do come, {candidate}.");
        foreach (var path in (string[])[$"/console/bookings/{booking}", $"/console/messages/{message}"])
        {
            await olga.GoAsync(path);
            Assert.Contains(Sure, olga.Find("#earlier-text").TextContent, StringComparison.Ordinal);
        }

        await olga.GoAsync($"/console/bookings/{booking}");
        Assert.Contains($"(message {message}): {Sure}", olga.Find("ol.events").TextContent, StringComparison.Ordinal);
        var story = (await nodes.First.GetAsync($"/api/bookings/{booking}/explain")).Json["reminders"]!.AsArray();
        var told = story.SelectMany(one => one!["events"]!.AsArray()).Single(one => (string)one!["code"]! == "event.of_message")!;
        Assert.Equal(message, (long)told["messageId"]!);
        Assert.Contains(Sure, (await ShowAsync(message)).Output, StringComparison.Ordinal);
        Assert.True((bool)JsonNode.Parse((await ShowAsync(message, "--json")).Output)!["earlierText"]!["isSure"]!);

        // Begun three seconds after it: the node may have heard of it, or not yet.
        await MoveAsync(
            "UPDATE reminders.outbox SET send_started_at = (SELECT max(set_at) + interval '3 seconds' FROM reminders.text_version)"
        );
        await olga.GoAsync($"/console/messages/{message}");
        Assert.Contains(
            "it may have been sent under version 0 or a later one",
            olga.Find("#earlier-text").TextContent,
            StringComparison.Ordinal
        );

        // Long after it; and another text of the kind is none of what it says.
        await MoveAsync("UPDATE reminders.text_version SET set_at = set_at - interval '1 hour'");
        await SetAsync("confirmed", "Thanks a lot, {candidate}.");
        await olga.GoAsync($"/console/bookings/{booking}");
        Assert.Null(olga.Page.QuerySelector("#earlier-text"));
        Assert.DoesNotContain("earlier text", (await ShowAsync(message)).Output, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Errors)> ShowAsync(long message, params string[] more) =>
        CommandLine.RunAsync(nodes.First.ConnectionString, ["outbox", "show", $"{message}", .. more]);

    private async Task MoveAsync(string sql)
    {
        await using var move = nodes.First.Database.CreateCommand(sql);
        await move.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task SetAsync(string name, string text)
    {
        var texts = new
        {
            locale = "en",
            texts = new Dictionary<string, string> { [name] = text },
            reason = "clearer",
        };
        var reply = await nodes.First.PostAsync("/api/kinds/CONFIRM_2H/texts", JsonSerializer.Serialize(texts), nodes.First.Operator);
        Assert.True(reply.Status == 200, reply.Text);
    }

    /// <summary>As if it had been sent an hour ago.</summary>
    internal static async Task<(string Booking, long Message)> SendAsync(WebNode node)
    {
        var reply = await node.PostAsync("/api/bookings", WebNode.Booking("Otta", 4711, TimeSpan.FromHours(4)));
        var booking = (string)reply.Json["id"]!;
        Assert.Equal(200, (await node.PostAsync($"/api/bookings/{booking}/approve")).Status);
        var message = await node.ScalarAsync<long>(
            """
            WITH fired AS (
                UPDATE reminders.occurrence SET state = 'fired', fired_at = now(), fired_by = 'test'
                WHERE kind = 'CONFIRM_2H' AND state = 'planned' RETURNING *)
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, settled_at,
                                          send_started_at, provider_message_id)
            SELECT id, kind, recipient_id, 'telegram', 'send', 'sent', now(), useful_until, now() - interval '1 hour',
                   now() - interval '1 hour', '77'
            FROM fired RETURNING id
            """
        );
        return (booking, message);
    }
}
