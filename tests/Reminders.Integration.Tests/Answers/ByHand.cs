using Reminders.Channels;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;

namespace Reminders.Integration.Tests.Answers;

/// <summary>An answer that came by no button does what a press would, by the same rules, and proves nothing about a delivery.</summary>
public sealed class ByHand(Postgres postgres, SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private const string ByPhone = """{"answer":"confirm","by":"Rita","how":"phone","reason":"She never saw it"}""";

    [Fact]
    public async Task A_recruiter_who_phoned_records_the_answer_and_it_is_told_with_who_and_how()
    {
        var node = shared.Node;
        var id = await node.BookAsync();
        await node.PostAsync($"/api/bookings/{id}/approve");
        var answered = await node.PostAsync($"/api/bookings/{id}/answer", ByPhone);
        Assert.Equal(
            (200, "confirmed", "confirmed", true),
            (answered.Status, (string?)answered.Json["status"], (string?)answered.Json["effect"], (bool)answered.Json["changed"]!)
        );
        Assert.Equal("confirmed", (string?)(await node.GetAsync($"/api/bookings/{id}")).Json["status"]);
        Assert.Equal(
            1,
            await node.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key = "
                    + "$1 AND o.kind = 'CANDIDATE_CONFIRMED'",
                id
            )
        );
        Assert.Equal(
            "cancelled subject_is: confirmed",
            await node.ScalarAsync<string>(
                "SELECT o.state || ' ' || o.reason FROM reminders.occurrence o JOIN reminders.subject s ON s.id = "
                    + "o.subject_id WHERE s.key = $1 AND o.kind = 'CONFIRM_2H'",
                id
            )
        );
        Assert.Equal(
            "api:booking-app She never saw it",
            await node.ScalarAsync<string>(
                "SELECT actor || ' ' || reason FROM reminders.audit WHERE about = $1 AND action = 'booking.answer' AND NOT refused",
                $"booking {id}"
            )
        );

        var story = (await node.GetAsync($"/api/bookings/{id}/explain")).Json["reminders"]!
            .AsArray()
            .Single(reminder => (string)reminder!["kind"]! == "CONFIRM_2H")!;
        Assert.Contains("confirmed (by phone, recorded by Rita)", (string)story["summary"]!, StringComparison.Ordinal);
        var told = story["events"]!.AsArray().Single(happened => (string)happened!["step"]! == "answered")!;
        Assert.Contains(
            "Anna answered “confirm” by phone, recorded by Rita (confirmed), because: She never saw it",
            (string)told["text"]!,
            StringComparison.Ordinal
        );

        var again = await node.PostAsync($"/api/bookings/{id}/answer", ByPhone);
        Assert.Equal((200, "already_confirmed", false), (again.Status, (string?)again.Json["effect"], (bool)again.Json["changed"]!));
        Assert.Equal(
            1,
            await node.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.audit WHERE about = $1 AND action = 'booking.answer' AND NOT refused",
                $"booking {id}"
            )
        );
    }

    [Fact]
    public async Task It_obeys_the_rules_that_presses_have()
    {
        var node = shared.Node;
        var id = await node.BookAsync();
        var path = $"/api/bookings/{id}/answer";
        Assert.Contains("not approved", (string)(await node.PostAsync(path, ByPhone)).Problem(409)["detail"]!, StringComparison.Ordinal);
        await node.PostAsync($"/api/bookings/{id}/approve");
        Assert.Equal(200, (await node.PostAsync(path, ByPhone)).Status);
        // Who confirmed may still decline; who declined may not confirm.
        var declined = await node.PostAsync(path, """{"answer":"decline","by":"Rita","how":"phone"}""");
        Assert.Equal("declined", (string?)declined.Json["status"]);
        Assert.Contains("declined", (string)(await node.PostAsync(path, ByPhone)).Problem(409)["detail"]!, StringComparison.Ordinal);
        await node.PostAsync($"/api/bookings/{id}/cancel");
        Assert.Contains("cancelled", (string)(await node.PostAsync(path, ByPhone)).Problem(409)["detail"]!, StringComparison.Ordinal);
        (await node.PostAsync($"/api/bookings/{Guid.NewGuid()}/answer", ByPhone)).Problem(404);
    }

    [Theory]
    [InlineData("{}", "answer", "by", "how")]
    [InlineData("""{"answer":"yes","by":"Rita","how":"phone"}""", "answer")]
    [InlineData("""{"answer":"confirm","by":"  ","how":"phone"}""", "by")]
    [InlineData("""{"answer":"confirm","by":"Ri\u0000ta","how":null}""", "by", "how")]
    [InlineData("""{"answer":3,"by":"Rita","how":"phone"}""", "answer")]
    public async Task What_is_missing_or_wrong_is_named(string body, params string[] fields)
    {
        var id = await shared.Node.BookAsync();
        await shared.Node.PostAsync($"/api/bookings/{id}/approve");
        Assert.Equal(fields, (await shared.Node.PostAsync($"/api/bookings/{id}/answer", body)).WrongFields());
    }

    [Fact]
    public async Task After_it_began_it_is_too_late()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = now() - interval '1 second'");
        Assert.IsType<Outcome<RecordedAnswer>.Conflict>(await AnswerAsync(cluster, booking, "confirm"));
    }

    [Fact]
    public async Task A_doubt_stays_a_doubt_and_a_delivered_message_is_edited()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var held = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Uncertain("no reply"));
        Assert.IsType<Outcome<RecordedAnswer>.Done>(await AnswerAsync(cluster, held, "confirm"));
        Assert.Equal(["CONFIRM_2H send uncertain"], await hand.MessagesAsync(held));
        await RestAsync(cluster);
        var sent = await hand.QueueAsync(1002);
        await hand.DeliverAsync(new SendResult.Sent("77"));
        Assert.IsType<Outcome<RecordedAnswer>.Done>(await AnswerAsync(cluster, sent, "decline"));
        Assert.Equal(["CONFIRM_2H send sent", "CONFIRM_2H edit pending"], await hand.MessagesAsync(sent));
    }

    [Fact]
    public async Task A_press_and_an_answer_by_hand_at_once_have_one_effect()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var round = 0; round < 10; round++)
        {
            var booking = await hand.QueueAsync(1001 + round);
            var message = await hand.DeliverAsync(new SendResult.Sent("77"));
            await RestAsync(cluster);
            var press = Task.Run(() => hand.PressAsync(message, "confirm", from: 1001 + round));
            var spoken = Task.Run(() => AnswerAsync(cluster, booking, "confirm"));
            await Task.WhenAll(press, spoken);
            var changed = Assert.IsType<Outcome<RecordedAnswer>.Done>(await spoken).Value.Changed;
            Assert.Equal(changed ? AnswerEffect.AlreadyConfirmed : AnswerEffect.Confirmed, await press);
            Assert.Equal(
                1,
                await cluster.ScalarAsync<long>(
                    "SELECT count(*) FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key "
                        + "= $1 AND o.kind = 'CANDIDATE_CONFIRMED'",
                    booking.ToString()
                )
            );
            await RestAsync(cluster);
        }
    }

    /// <summary>What the recruiter is told is no part of it, and would be claimed next.</summary>
    private static async Task RestAsync(Cluster cluster)
    {
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET state = 'cancelled' WHERE state = 'planned'");
        await cluster.ExecuteAsync(
            "UPDATE reminders.outbox SET state = 'cancelled', lease_until = NULL WHERE state NOT IN ('sent', 'uncertain')"
        );
    }

    private static Task<Outcome<RecordedAnswer>> AnswerAsync(Cluster cluster, Guid booking, string answer) =>
        cluster.SendAsync(new RecordAnswer(booking, answer, "Rita", "phone"));
}
