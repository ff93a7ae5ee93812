namespace Reminders.Integration.Tests.Web;

/// <summary>What operators decide by hand: once, with a reason, and only while it makes sense.</summary>
public sealed class Operators(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private const string Why = """{"reason":"Anna says so"}""";

    private readonly WebNode _node = shared.Node;

    [Theory]
    [InlineData("true", "sent")]
    [InlineData("false", "dead")]
    public async Task A_doubt_is_settled_once_and_on_record(string delivered, string state)
    {
        var held = await HeldMessage.CreateAsync(_node);
        var settle = $$"""{"delivered":{{delivered}},"reason":"Anna says so"}""";
        Assert.Equal(state, (string)(await PostAsync(held, "settle", settle)).Json["state"]!);
        Assert.Equal((state, 1L), (await held.StateAsync(_node), await held.AuditedAsync(_node)));
        Assert.Contains(state, (string)(await PostAsync(held, "settle", settle)).Problem(409)["detail"]!, StringComparison.Ordinal);
        Assert.Equal(1L, await held.AuditedAsync(_node));
    }

    [Fact]
    public async Task A_delivered_message_whose_booking_moved_meanwhile_gets_its_edit()
    {
        var held = await HeldMessage.CreateAsync(_node);
        await _node.ScalarAsync<long>("UPDATE reminders.outbox SET provider_message_id = '77' WHERE id = $1 RETURNING id", held.Id);
        await _node.PostAsync(
            $"/api/bookings/{held.Booking}/move",
            $$"""{"startsAt":"{{TimeProvider.System.GetUtcNow().AddDays(5):O}}"}"""
        );
        Assert.Equal("uncertain", await held.StateAsync(_node));
        Assert.Equal(200, (await PostAsync(held, "settle", """{"delivered":true,"reason":"seen"}""")).Status);
        Assert.Equal(
            1L,
            await _node.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE target_id = $1 AND operation = 'edit'", held.Id)
        );
    }

    [Fact]
    public async Task A_message_in_doubt_is_resent_once_however_often_it_is_asked_for()
    {
        var held = await HeldMessage.CreateAsync(_node);
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync(held, "resend", Why)));
        Assert.All(replies, reply => Assert.Equal((200, 1), (reply.Status, (int)reply.Json["newNumber"]!)));
        Assert.Single(replies.Select(reply => (long)reply.Json["newMessageId"]!).Distinct());
        Assert.Equal(("dead", 2L, 1L), (await held.StateAsync(_node), await held.SendsAsync(_node), await held.AuditedAsync(_node)));
        Assert.Equal("resent_by 1: api:ops", await _node.ScalarAsync<string>("SELECT reason FROM reminders.outbox WHERE id = $1", held.Id));
    }

    public static TheoryData<string, string> Obstacles =>
        new()
        {
            { "UPDATE reminders.subject SET version = version + 1 WHERE key = $1 RETURNING id", "moved on" },
            { "UPDATE reminders.subject SET status = 'cancelled' WHERE key = $1 RETURNING id", "not wanted" },
            { "UPDATE reminders.outbox SET useful_until = now() WHERE id = $2 AND $1 <> '' RETURNING id", "of use until" },
            {
                "UPDATE reminders.address a SET state = 'unreachable', reason = 'blocked' FROM reminders.outbox m WHERE m.id "
                    + "= $2 AND $1 <> '' AND a.recipient_id = m.recipient_id RETURNING m.id",
                "blocked"
            },
        };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public async Task What_could_not_be_sent_is_not_resent_or_replayed_and_the_refusal_says_why(string obstacle, string says)
    {
        foreach (var (state, action) in new[] { ("uncertain", "resend"), ("dead", "replay") })
        {
            var held = await HeldMessage.CreateAsync(_node, state);
            if (obstacle.Contains("$2", StringComparison.Ordinal))
            {
                await _node.ScalarAsync<long>(obstacle, held.Booking, held.Id);
            }
            else
            {
                await _node.ScalarAsync<long>(obstacle, held.Booking);
            }

            Assert.Contains(says, (string)(await PostAsync(held, action, Why)).Problem(409)["detail"]!, StringComparison.Ordinal);
            Assert.Equal((1L, 0L), (await held.SendsAsync(_node), await held.AuditedAsync(_node)));
        }
    }

    [Theory]
    [InlineData("resend", "sent")]
    [InlineData("resend", "cancelled")]
    [InlineData("resend", "dead")]
    [InlineData("replay", "sent")]
    [InlineData("replay", "cancelled")]
    [InlineData("replay", "uncertain")]
    public async Task Only_what_is_in_doubt_is_resent_and_only_what_is_dead_is_replayed(string action, string state)
    {
        var held = await HeldMessage.CreateAsync(_node, state);
        Assert.Contains(
            $"is {state}, not ",
            (string)(await PostAsync(held, action, Why)).Problem(409)["detail"]!,
            StringComparison.Ordinal
        );
        Assert.Equal((state, 1L, 0L), (await held.StateAsync(_node), await held.SendsAsync(_node), await held.AuditedAsync(_node)));
    }

    [Fact]
    public async Task An_edit_is_not_replayed()
    {
        var held = await HeldMessage.CreateAsync(_node, "sent");
        var edit = await _node.ScalarAsync<long>(
            """
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, revision, target_id, state, due_at,
                useful_until)
            SELECT occurrence_id, kind, recipient_id, channel, 'edit', 1, id, 'dead', now(), useful_until FROM reminders.outbox
                WHERE id = $1 RETURNING id
            """,
            held.Id
        );
        Assert.Contains(
            "is an edit",
            (string)(await PostAsync(held with { Id = edit }, "replay", Why)).Problem(409)["detail"]!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_dead_message_is_replayed_once()
    {
        var held = await HeldMessage.CreateAsync(_node, "dead", "chat not found");
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync(held, "replay", Why)));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(
            replies.Where(reply => reply.Status != 200),
            reply => Assert.Contains("before", (string)reply.Problem(409)["detail"]!, StringComparison.Ordinal)
        );
        Assert.Equal(("dead", 2L, 1L), (await held.StateAsync(_node), await held.SendsAsync(_node), await held.AuditedAsync(_node)));
    }

    [Fact]
    public async Task What_reached_the_recipient_on_another_channel_is_not_replayed()
    {
        var held = await HeldMessage.CreateAsync(_node, "dead");
        await _node.ScalarAsync<long>(
            """
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
            SELECT occurrence_id, kind, recipient_id, 'email', 'send', 'sent', now(), useful_until FROM reminders.outbox WHERE id = $1
                RETURNING id
            """,
            held.Id
        );
        Assert.Contains("is sent", (string)(await PostAsync(held, "replay", Why)).Problem(409)["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dead_of_one_cause_are_replayed_together_and_the_others_left_alone()
    {
        var cause = $"outage {Guid.NewGuid()}";
        var (one, two, other) = (
            await HeldMessage.CreateAsync(_node, "dead", $"Unauthorized: {cause}"),
            await HeldMessage.CreateAsync(_node, "dead", $"{cause}"),
            await HeldMessage.CreateAsync(_node, "dead")
        );
        var (inDoubt, ofAnotherKind) = (
            await HeldMessage.CreateAsync(_node, "uncertain", cause),
            await HeldMessage.CreateAsync(_node, "dead", cause)
        );
        await _node.ScalarAsync<long>("UPDATE reminders.outbox SET kind = 'NO_ANSWER_1H' WHERE id = $1 RETURNING id", ofAnotherKind.Id);
        await _node.PostAsync($"/api/bookings/{two.Booking}/cancel");
        var reply = await _node.PostAsync(
            "/api/outbox/replay",
            $$"""{"kind":"CONFIRM_2H","reasonContains":"{{cause.ToUpperInvariant()}}","reason":"token renewed"}""",
            _node.Operator
        );
        Assert.Equal(one.Id, (long)Assert.Single(reply.Json["replayed"]!.AsArray())!["messageId"]!);
        Assert.Equal(two.Id, (long)Assert.Single(reply.Json["refused"]!.AsArray())!["messageId"]!);
        Assert.Equal((2L, 1L, 1L), (await one.SendsAsync(_node), await two.SendsAsync(_node), await other.SendsAsync(_node)));
        Assert.Equal((1L, 1L), (await inDoubt.SendsAsync(_node), await ofAnotherKind.SendsAsync(_node)));
    }

    [Theory]
    [InlineData("settle", "{}", "delivered,reason")]
    [InlineData("settle", """{"delivered":"yes","reason":" "}""", "delivered,reason")]
    [InlineData("resend", """{"reason":""}""", "reason")]
    [InlineData("replay", "{}", "reason")]
    public async Task Nothing_is_decided_without_a_reason(string action, string body, string fields) =>
        Assert.Equal(fields.Split(','), (await _node.PostAsync($"/api/outbox/1/{action}", body, _node.Operator)).WrongFields());

    [Fact]
    public async Task A_reason_has_at_most_1000_characters_and_a_bulk_replay_a_filter()
    {
        Assert.Equal(
            ["reason"],
            (await _node.PostAsync("/api/outbox/1/resend", $$"""{"reason":"{{new string('x', 1001)}}"}""", _node.Operator)).WrongFields()
        );
        Assert.Equal(["kind"], (await _node.PostAsync("/api/outbox/replay", Why, _node.Operator)).WrongFields());
    }

    [Theory]
    [InlineData("settle", """{"delivered":true,"reason":"r"}""")]
    [InlineData("resend", Why)]
    [InlineData("replay", Why)]
    public async Task A_message_that_is_not_there_is_a_404(string action, string body) =>
        (await _node.PostAsync($"/api/outbox/9999999999/{action}", body, _node.Operator)).Problem(404);

    [Fact]
    public async Task The_list_is_read_page_by_page_without_gaps_or_repeats()
    {
        await using var own = await WebNode.StartAsync(shared.Postgres);
        foreach (var state in (string[])["uncertain", "dead"])
        {
            var held = new List<long>();
            for (var i = 0; i < 5; i++)
            {
                held.Add((await HeldMessage.CreateAsync(own, state)).Id);
            }

            var listed = new List<long>();
            string? after = null;
            do
            {
                var page = await own.GetAsync(
                    $"/api/outbox?state={state}&kind=CONFIRM_2H&size=2{(after is null ? "" : $"&after={after}")}",
                    own.Operator
                );
                listed.AddRange(page.Json["items"]!.AsArray().Select(item => (long)item!["id"]!));
                after = (string?)page.Json["next"];
            } while (after is not null);
            Assert.Equal(held, state == "dead" ? Enumerable.Reverse(listed) : listed.Order());
        }
        Assert.Empty((await own.GetAsync("/api/outbox?state=dead&kind=NO_ANSWER_1H", own.Operator)).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task A_query_that_cannot_be_read_is_a_400_that_names_each_part() =>
        Assert.Equal(
            ["after", "size", "state"],
            (await _node.GetAsync("/api/outbox?state=sent&size=0&after=!!", _node.Operator)).WrongFields()
        );

    private Task<Reply> PostAsync(HeldMessage held, string action, string body) =>
        _node.PostAsync($"/api/outbox/{held.Id}/{action}", body, _node.Operator);
}
