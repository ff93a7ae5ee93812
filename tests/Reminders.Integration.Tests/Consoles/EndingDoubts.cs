using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>An operator ends a doubt at the console: with a reason, once, and kept.</summary>
public sealed class EndingDoubts(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    [Theory]
    [InlineData("arrived", "counts as sent", "sent", 0)]
    [InlineData("lost", "itself is closed", "dead", 0)]
    [InlineData("resend", "may get it twice: copy 2 leaves now", "dead", 1)]
    public async Task What_is_said_before_is_what_happens_with_a_reason_and_once(string act, string says, string state, int copies)
    {
        var id = await InDoubtAsync($"Anna {act}");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, $"olga-{act}");
        await olga.GoAsync("/console/outbox?state=uncertain");
        await olga.FollowAsync($"#message-{id} a");
        await olga.FollowAsync($"a[href='/console/messages/{id}/{act}']");
        Assert.Contains(says, olga.Text, StringComparison.Ordinal);
        Assert.Equal("uncertain", await StateAsync(id));

        await olga.SubmitAsync("main form button");
        Assert.Equal(422, olga.Status);
        Assert.Contains("Say why", olga.Find("#problem").TextContent, StringComparison.Ordinal);
        Assert.Equal("uncertain", await StateAsync(id));

        // Two clicks, on two nodes.
        var form = olga.Form("main form button", ("reason", "Anna was asked"));
        var body = await form.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken);
        olga.Switch(nodes.SecondAddress);
        await Task.WhenAll(olga.SendOnlyAsync(Again(nodes.FirstAddress)), olga.SendOnlyAsync(Again(nodes.SecondAddress)));
        Assert.Equal(state, await StateAsync(id));
        Assert.Equal(
            copies,
            await nodes.First.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.outbox WHERE number = 1 AND occurrence_id = (SELECT occurrence_id FROM reminders.outbox WHERE id = $1)",
                id
            )
        );
        Assert.Equal(
            $"console:olga-{act}: Anna was asked",
            await nodes.First.ScalarAsync<string>(
                "SELECT string_agg(acted_by || ': ' || reason, '|') FROM reminders.operator_action WHERE message_id = $1",
                id
            )
        );
        await olga.GoAsync($"/console/messages/{id}");
        Assert.Contains("Anna was asked", olga.Text, StringComparison.Ordinal);

        HttpRequestMessage Again(Uri node) =>
            new(HttpMethod.Post, new Uri(node, $"/console/messages/{id}/{act}"))
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"),
            };
    }

    [Fact]
    public async Task A_doubt_that_somebody_else_has_ended_is_said_to_be_over()
    {
        var id = await InDoubtAsync("Bella");
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-second");
        await olga.GoAsync($"/console/messages/{id}/arrived");
        Assert.Equal(
            200,
            (
                await nodes.First.PostAsync($"/api/outbox/{id}/settle", """{"delivered": false, "reason": "no"}""", nodes.First.Operator)
            ).Status
        );
        await olga.SubmitAsync("main form button", ("reason", "late"));
        Assert.Equal(409, olga.Status);
        Assert.Contains("not uncertain", olga.Find("#problem").TextContent, StringComparison.Ordinal);
        Assert.Equal("late", olga.Find("#reason").TextContent.Trim());
    }

    private async Task<long> InDoubtAsync(string candidate)
    {
        var chat = Random.Shared.Next(100_000, 900_000);
        var reply = await nodes.First.PostAsync("/api/bookings", Web.WebNode.Booking(candidate, chat, TimeSpan.FromMinutes(80)));
        var booking = (string)reply.Json["id"]!;
        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{booking}/approve")).Status);
        long id = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                // Telegram refuses connections here; this is what a reply that was lost would have made of it.
                await using var settle = nodes.First.Database.CreateCommand(
                    """
                    UPDATE reminders.outbox m SET state = 'uncertain', reason = 'no reply', settled_at = now(), send_started_at = now(),
                           lease_until = NULL, lease_token = lease_token + 1
                    FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
                    WHERE o.id = m.occurrence_id AND s.key = $1 AND o.kind = 'CONFIRM_2H' AND m.state IN ('pending', 'retry') RETURNING m.id
                    """
                );
                settle.Parameters.Add(new NpgsqlParameter { Value = booking });
                return await settle.ExecuteScalarAsync(TestContext.Current.CancellationToken) is long done && (id = done) > 0;
            },
            TimeSpan.FromSeconds(30),
            "the message is in doubt"
        );
        return id;
    }

    private Task<string> StateAsync(long id) => nodes.First.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE id = $1", id);
}
