using Microsoft.Extensions.DependencyInjection;
using Reminders.Explain;
using Reminders.Words;

namespace Reminders.Integration.Tests.Web;

/// <summary>The story of a booking, from its tables alone.</summary>
public sealed class Explaining(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    [Fact]
    public async Task A_second_approval_is_explained_by_the_row_and_the_rule_that_decided_it()
    {
        var id = await _node.BookAsync();
        await _node.PostAsync($"/api/bookings/{id}/approve");
        await _node.PostAsync($"/api/bookings/{id}/approve", key: _node.Operator);
        var reminder = await ReminderAsync(id);
        Assert.Equal(["planned", "suppressed"], Steps(reminder));
        Assert.StartsWith("api:booking-app", (string)reminder["events"]![0]!["by"]!, StringComparison.Ordinal);
        var suppressed = reminder["events"]![1]!;
        Assert.Equal((long)reminder["id"]!, (long)suppressed["decidedBy"]!);
        Assert.Equal("same kind, subject, version and recipient", (string)suppressed["rule"]!);
        Assert.StartsWith("api:ops", (string)suppressed["by"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubt_that_an_operator_resent_is_told_in_order_with_attempts_and_reasons()
    {
        var held = await HeldMessage.CreateAsync(_node);
        await _node.PostAsync($"/api/outbox/{held.Id}/resend", """{"reason":"Anna has nothing"}""", _node.Operator);
        await _node.ScalarAsync<long>(
            """
            INSERT INTO reminders.press (message_id, action, effect, sender, provider_id)
                VALUES ($1, 'confirm', 'Confirmed', '20001', '5') RETURNING id
            """,
            held.Id
        );
        var reminder = await ReminderAsync(held.Booking);
        var events = reminder["events"]!.AsArray();
        // The copy is being tried meanwhile.
        Assert.Equal(["planned", "fired", "queued", "attempted", "operator", "pressed"], Steps(reminder).Except(["claimed"]));
        Assert.Contains(
            events,
            happened =>
                ((string)happened!["text"]!).Contains(
                    "nobody can know whether it arrived: no whole reply within 15 s",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            events,
            happened =>
                ((string)happened!["text"]!).Contains("Anna has nothing", StringComparison.Ordinal) && (string)happened["by"]! == "api:ops"
        );
        Assert.Equal(
            events.Select(happened => (DateTimeOffset)happened!["at"]!).Order(),
            events.Select(happened => (DateTimeOffset)happened!["at"]!)
        );
    }

    [Fact]
    public async Task A_reminder_that_an_earlier_one_made_needless_names_it()
    {
        var held = await HeldMessage.CreateAsync(_node, "sent", "delivered");
        var later = await _node.ScalarAsync<long>(
            """
            INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, reason, decided_by, wanted_in, told, due_at,
                useful_until, planned_by, fired_at, fired_by)
            SELECT kind, subject_id, 3, recipient_id, 'skipped', 'already_told', id, wanted_in, told, due_at, useful_until, 'api:x',
                now(), 'node7'
            FROM reminders.occurrence WHERE id = (SELECT occurrence_id FROM reminders.outbox WHERE id = $1) RETURNING id
            """,
            held.Id
        );
        var story = await _node.GetAsync($"/api/bookings/{held.Booking}/explain");
        var skipped = story.Json["reminders"]!.AsArray().Single(reminder => (long)reminder!["id"]! == later)!;
        var fired = skipped["events"]!.AsArray().Single(happened => (string)happened!["step"]! == "fired")!;
        Assert.Equal(
            await _node.ScalarAsync<long>("SELECT occurrence_id FROM reminders.outbox WHERE id = $1", held.Id),
            (long)fired["decidedBy"]!
        );
        Assert.NotNull(fired["rule"]);
    }

    [Fact]
    public async Task As_plain_text_it_reads_like_a_person_wrote_it()
    {
        var held = await HeldMessage.CreateAsync(_node);
        await using var scope = _node.Engine.CreateAsyncScope();
        var story = await scope
            .ServiceProvider.GetRequiredService<Explainer>()
            .ExplainAsync(Guid.Parse(held.Booking), Wording.English, TestContext.Current.CancellationToken);
        var text = ExplainText.Render(story!, Wording.English);
        Assert.Contains("“Backend engineer”", text, StringComparison.Ordinal);
        Assert.Contains("CONFIRM_2H to Anna", text, StringComparison.Ordinal);
        Assert.Contains(
            "Nobody can know whether Anna was told (no whole reply within 15 s); an operator has to decide.",
            text,
            StringComparison.Ordinal
        );
        TestContext.Current.TestOutputHelper!.WriteLine(text);
    }

    private async Task<System.Text.Json.Nodes.JsonNode> ReminderAsync(string booking) =>
        (await _node.GetAsync($"/api/bookings/{booking}/explain")).Json["reminders"]!
            .AsArray()
            .Single(reminder => (string)reminder!["kind"]! == "CONFIRM_2H")!;

    private static IEnumerable<string> Steps(System.Text.Json.Nodes.JsonNode reminder) =>
        reminder["events"]!.AsArray().Select(happened => (string)happened!["step"]!);
}
