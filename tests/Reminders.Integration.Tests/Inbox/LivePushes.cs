namespace Reminders.Integration.Tests.Inbox;

/// <summary>What a live connection gets, and when.</summary>
public sealed class LivePushes(SharedTwoNodes shared, Postgres postgres) : IClassFixture<SharedTwoNodes>
{
    private readonly TwoNodes _nodes = shared.Nodes;

    [Fact]
    public async Task A_notification_is_pushed_on_every_node_to_every_client_of_its_person_and_nobody_else()
    {
        var (anna, boris) = (await _nodes.PersonAsync("push-anna"), await _nodes.PersonAsync("push-boris"));
        await using var here = await LiveClient.ConnectAsync(_nodes[0], anna);
        await using var there = await LiveClient.ConnectAsync(_nodes[1], anna);
        await using var again = await LiveClient.ConnectAsync(_nodes[1], anna);
        await using var other = await LiveClient.ConnectAsync(_nodes[1], boris);
        await _nodes.WriteAsync([anna], "TEST_ASSIGNED", "P-1", """{"number":1,"due":"2027-03-01T12:00:00+00:00"}""");
        foreach (var client in (LiveClient[])[here, there, again])
        {
            var pushed = (await client.NextAsync())!;
            Assert.Equal(
                ("TEST_ASSIGNED", "P-1", 1),
                ((string)pushed["notification_type"]!, (string)pushed["ticket"]!, (long)pushed["cursor"]!)
            );
            Assert.Equal("Push-Anna, ticket 1 is yours, due 1 March 12:00 (UTC)", (string)pushed["message"]!);
            Assert.InRange(
                TimeProvider.System.GetUtcNow() - (DateTimeOffset)pushed["timestamp"]!,
                TimeSpan.FromMinutes(-1),
                TimeSpan.FromMinutes(1)
            );
            var listed = (await _nodes[0].GetAsync("/api/notifications/", anna.Token)).Json["results"]![0]!;
            Assert.Equal(listed.ToJsonString(), pushed.ToJsonString());
        }
        await _nodes.WriteAsync([boris], ticket: "P-2");
        Assert.Equal("P-2", (string)(await other.NextAsync())!["ticket"]!);
    }

    [Fact]
    public async Task What_is_asked_for_at_the_entrance_of_one_node_is_pushed_on_the_other_and_can_be_read()
    {
        var anna = await _nodes.PersonAsync("asked-anna", "ru", "Europe/Moscow");
        await using var client = await LiveClient.ConnectAsync(_nodes[1], anna);
        const string Ask = """
            {"kind":"TEST_ASSIGNED","subject":"A-1","version":1,"recipients":["asked-anna"],"data":{"number":1,"due":"2027-03-01T12:00:00Z"}}
            """;
        for (var times = 0; times < 2; times++)
        {
            Assert.Equal(200, (await _nodes[0].PostAsync("/api/notifications/", Ask)).Status);
        }

        var pushed = (await client.NextAsync())!;
        Assert.Equal("asked-anna, заявка 1 ваша, срок 1 марта 15:00 (Europe/Moscow)", (string)pushed["message"]!, ignoreCase: true);
        Assert.Equal("A-1", (string)pushed["ticket"]!);
        var listed = (await _nodes[0].GetAsync("/api/notifications/", anna.Token)).Json;
        Assert.Equal(1, (int)listed["count"]!);
        Assert.Equal(pushed.ToJsonString(), listed["results"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Without_a_cursor_only_what_is_new_comes_and_with_one_everything_after_it_even_if_it_was_read()
    {
        var anna = await _nodes.PersonAsync("new-anna");
        await _nodes.WriteAsync([anna], times: 5);
        await _nodes[0].PostAsync("/api/notifications/mark_all_as_read/", key: anna.Token);
        await using var fresh = await LiveClient.ConnectAsync(_nodes[0], anna);
        await using var all = await LiveClient.ConnectAsync(_nodes[0], anna, cursor: 0);
        await using var some = await LiveClient.ConnectAsync(_nodes[1], anna, cursor: 3);
        await _nodes.WriteAsync([anna]);
        Assert.Equal(6, await fresh.NextCursorAsync());
        Assert.Equal([1, 2, 3, 4, 5, 6], await all.NextCursorsAsync(6));
        Assert.Equal([4, 5, 6], await some.NextCursorsAsync(3));
    }

    [Fact]
    public async Task A_long_absence_is_caught_up_with_in_order_through_a_small_buffer()
    {
        var anna = await _nodes.PersonAsync("long-anna");
        await _nodes.WriteAsync([anna], times: 950);
        await using var client = await LiveClient.ConnectAsync(_nodes[0], anna, cursor: 0);
        Assert.Equal(Enumerable.Range(1, 900).Select(n => (long)n), await client.NextCursorsAsync(900));
        await _nodes.WriteAsync([anna], times: 50);
        Assert.Equal(Enumerable.Range(901, 100).Select(n => (long)n), await client.NextCursorsAsync(100));
    }

    [Fact]
    public async Task A_wake_up_that_is_lost_costs_a_poll_and_nothing_else()
    {
        var anna = await _nodes.PersonAsync("deaf-anna");
        await using var here = await LiveClient.ConnectAsync(_nodes[0], anna);
        await using var there = await LiveClient.ConnectAsync(_nodes[1], anna);
        await _nodes.WriteAsync([anna], times: 3, notify: false);
        Assert.Equal([1, 2, 3], await here.NextCursorsAsync(3));
        Assert.Equal([1, 2, 3], await there.NextCursorsAsync(3));
    }

    [Fact]
    public async Task A_notification_does_not_wait_for_a_poll()
    {
        await using var unhurried = await TwoNodes.StartAsync(postgres, ("Inbox:PollInterval", "01:00:00"));
        var anna = await unhurried.PersonAsync("anna");
        await unhurried.WriteAsync([anna], times: 250);
        await using var here = await LiveClient.ConnectAsync(unhurried[0], anna, cursor: 0);
        await using var there = await LiveClient.ConnectAsync(unhurried[1], anna);
        Assert.Equal(250, (await here.NextCursorsAsync(250))[^1]);
        await unhurried.WriteAsync([anna]);
        Assert.Equal(251, await here.NextCursorAsync());
        Assert.Equal(251, await there.NextCursorAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_is_answered()
    {
        var anna = await _nodes.PersonAsync("leave-anna");
        await using var client = await LiveClient.ConnectAsync(_nodes[0], anna);
        await client.CloseAsync();
        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, client.ClosedWith);
    }
}
