using System.Text.Json.Nodes;

namespace Reminders.Integration.Tests.Inbox;

/// <summary>A person's inbox over HTTP.</summary>
public sealed class InboxApi(SharedTwoNodes shared) : IClassFixture<SharedTwoNodes>
{
    private readonly TwoNodes _nodes = shared.Nodes;

    [Fact]
    public async Task The_list_comes_newest_first_in_pages_of_20_that_link_to_each_other()
    {
        var anna = await _nodes.PersonAsync("list-anna");
        await _nodes.WriteAsync([anna], times: 45);
        var first = await ListAsync(anna, "/api/notifications/");
        Assert.Equal(45, (int)first["count"]!);
        Assert.Null(first["previous"]);
        Assert.Equal(Enumerable.Range(26, 20).Reverse(), Cursors(first));

        // What arrives between two pages neither comes twice nor pushes anything out of sight.
        await _nodes.WriteAsync([anna], times: 3);
        var second = await ListAsync(anna, (string)first["next"]!);
        Assert.Equal(Enumerable.Range(6, 20).Reverse(), Cursors(second));
        var third = await ListAsync(anna, (string)second["next"]!);
        Assert.Equal(Enumerable.Range(1, 5).Reverse(), Cursors(third));
        Assert.Null(third["next"]);
        Assert.Equal(48, (int)third["count"]!);

        Assert.Equal(Cursors(second), Cursors(await ListAsync(anna, (string)third["previous"]!)));
        var newest = await ListAsync(anna, (string)first["next"]!);
        newest = await ListAsync(anna, (string)newest["previous"]!);
        Assert.Equal(Cursors(first), Cursors(newest));
        newest = await ListAsync(anna, (string)newest["previous"]!);
        Assert.Equal([48, 47, 46], Cursors(newest));
        Assert.Null(newest["previous"]);
        Assert.Equal(Cursors(first), Cursors(await ListAsync(anna, (string)newest["next"]!)));
    }

    [Fact]
    public async Task A_page_may_be_asked_for_by_its_number_and_one_that_is_not_there_is_a_404()
    {
        var anna = await _nodes.PersonAsync("page-anna");
        Assert.Empty(Cursors(await ListAsync(anna, "/api/notifications/?page=1")));
        await _nodes.WriteAsync([anna], times: 41);
        var second = await ListAsync(anna, "/api/notifications/?page=2");
        Assert.Equal(Enumerable.Range(2, 20).Reverse(), Cursors(second));
        Assert.Equal(Enumerable.Range(22, 20).Reverse(), Cursors(await ListAsync(anna, (string)second["previous"]!)));
        Assert.Equal([1], Cursors(await ListAsync(anna, (string)second["next"]!)));
        (await _nodes[0].GetAsync("/api/notifications/?page=4", anna.Token)).Problem(404);
    }

    [Fact]
    public async Task Filters_narrow_the_list_alone_and_together_and_pages_keep_them()
    {
        var anna = await _nodes.PersonAsync("filter-anna");
        await _nodes.WriteAsync([anna], "TEST_ASSIGNED", "F-1");
        await _nodes.WriteAsync([anna], "TEST_COMMENTED", "F-1", times: 30);
        await _nodes.WriteAsync([anna], "TEST_COMMENTED", "F-2");
        var newest = (long)(await ListAsync(anna, "/api/notifications/"))["results"]![0]!["id"]!;
        await _nodes[0].PostAsync($"/api/notifications/{newest}/mark_as_read/", key: anna.Token);

        Assert.Equal([32], Cursors(await ListAsync(anna, "/api/notifications/?is_read=true")));
        Assert.Equal(31, (int)(await ListAsync(anna, "/api/notifications/?is_read=false"))["count"]!);
        Assert.Equal([1], Cursors(await ListAsync(anna, "/api/notifications/?notification_type=TEST_ASSIGNED")));
        Assert.Equal([32], Cursors(await ListAsync(anna, "/api/notifications/?ticket=F-2")));
        Assert.Empty(Cursors(await ListAsync(anna, "/api/notifications/?ticket=F-2&is_read=false")));
        var both = await ListAsync(anna, "/api/notifications/?ticket=F-1&notification_type=TEST_COMMENTED&is_read=False");
        Assert.Equal(30, (int)both["count"]!);
        Assert.Equal(Enumerable.Range(2, 10).Reverse(), Cursors(await ListAsync(anna, (string)both["next"]!)));
        Assert.Equal(31, (int)(await ListAsync(anna, "/api/notifications/unread/"))["count"]!);
        Assert.Equal(1, (int)(await ListAsync(anna, "/api/notifications/unread/?notification_type=TEST_ASSIGNED"))["count"]!);
    }

    [Fact]
    public async Task Unread_ones_are_counted_in_all_and_by_type()
    {
        var anna = await _nodes.PersonAsync("count-anna");
        Assert.Equal("""{"total":0,"by_type":{}}""", (await _nodes[0].GetAsync("/api/notifications/unread_count/", anna.Token)).Text);
        await _nodes.WriteAsync([anna], "TEST_ASSIGNED", times: 2);
        await _nodes.WriteAsync([anna], "TEST_COMMENTED");
        Assert.Equal(
            """{"total":3,"by_type":{"TEST_ASSIGNED":2,"TEST_COMMENTED":1}}""",
            (await _nodes[1].GetAsync("/api/notifications/unread_count/", anna.Token)).Text
        );
    }

    [Fact]
    public async Task Marked_twice_one_keeps_the_time_it_was_first_read_and_another_persons_is_a_404()
    {
        var (anna, boris) = (await _nodes.PersonAsync("mark-anna"), await _nodes.PersonAsync("mark-boris"));
        await _nodes.WriteAsync([anna, boris]);
        var id = (long)(await ListAsync(anna, "/api/notifications/"))["results"]![0]!["id"]!;
        (await _nodes[0].PostAsync($"/api/notifications/{id}/mark_as_read/", key: boris.Token)).Problem(404);
        (await _nodes[0].PostAsync($"/api/notifications/{long.MaxValue}/mark_as_read/", key: anna.Token)).Problem(404);
        Assert.Equal(["id"], (await _nodes[0].PostAsync("/api/notifications/seven/mark_as_read/", key: anna.Token)).WrongFields());
        Assert.Equal(1, await UnreadAsync(anna));

        var once = await _nodes[0].PostAsync($"/api/notifications/{id}/mark_as_read/", key: anna.Token);
        Assert.True((bool)once.Json["is_read"]!);
        Assert.Equal(once.Text, (await _nodes[1].PostAsync($"/api/notifications/{id}/mark_as_read/", key: anna.Token)).Text);
        Assert.Equal((0, 1), (await UnreadAsync(anna), await UnreadAsync(boris)));
    }

    [Fact]
    public async Task All_are_marked_once_and_nobody_elses()
    {
        var (anna, boris) = (await _nodes.PersonAsync("all-anna"), await _nodes.PersonAsync("all-boris"));
        await _nodes.WriteAsync([anna, boris], times: 7);
        Assert.Equal("""{"count":7}""", (await _nodes[0].PostAsync("/api/notifications/mark_all_as_read/", key: anna.Token)).Text);
        Assert.Equal("""{"count":0}""", (await _nodes[1].PostAsync("/api/notifications/mark_all_as_read/", key: anna.Token)).Text);
        Assert.Equal((0, 7), (await UnreadAsync(anna), await UnreadAsync(boris)));
    }

    [Fact]
    public async Task Marked_by_20_at_once_on_two_nodes_each_is_counted_once()
    {
        var anna = await _nodes.PersonAsync("race-anna");
        for (var round = 1; round <= 5; round++)
        {
            await _nodes.WriteAsync([anna], times: 300);
            var ids = (await ListAsync(anna, "/api/notifications/unread/"))["results"]!
                .AsArray()
                .Select(item => (long)item!["id"]!)
                .ToArray();
            var marking = Enumerable
                .Range(0, 20)
                .Select(task => _nodes[task % 2].PostAsync("/api/notifications/mark_all_as_read/", key: anna.Token))
                .ToArray();
            var single = ids.Select((id, place) => _nodes[place % 2].PostAsync($"/api/notifications/{id}/mark_as_read/", key: anna.Token))
                .ToArray();
            Assert.All(await Task.WhenAll(single), reply => Assert.True((bool)reply.Json["is_read"]!));
            var counted = (await Task.WhenAll(marking)).Sum(reply => (int)reply.Json["count"]!);
            // Those that were marked one by one in time are in nobody's count.
            Assert.InRange(counted, 300 - ids.Length, 300);
            Assert.Equal(0, await UnreadAsync(anna));
            await _nodes.WriteAsync([anna], times: 300);
            marking =
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(task => _nodes[task % 2].PostAsync("/api/notifications/mark_all_as_read/", key: anna.Token)),
            ];
            Assert.Equal(300, (await Task.WhenAll(marking)).Sum(reply => (int)reply.Json["count"]!));
        }
    }

    [Theory]
    [InlineData("GET", "/api/notifications")]
    [InlineData("GET", "/api/notifications/unread")]
    [InlineData("GET", "/api/notifications/unread_count")]
    [InlineData("POST", "/api/notifications/mark_all_as_read")]
    public async Task Each_path_works_with_and_without_its_slash(string method, string path)
    {
        var anna = await _nodes.PersonAsync($"slash-{Guid.NewGuid():N}");
        Assert.Equal(200, (await _nodes[0].SendAsync(new(method), path, null, anna.Token)).Status);
        Assert.Equal(200, (await _nodes[0].SendAsync(new(method), path + "/", null, anna.Token)).Status);
    }

    [Theory]
    [InlineData("is_read=maybe", "is_read")]
    [InlineData("cursor=x&page=2", "cursor,page")]
    [InlineData("page=0", "page")]
    [InlineData("page=two", "page")]
    [InlineData(
        "notification_type=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&ticket=%00",
        "notification_type,ticket"
    )]
    public async Task A_query_that_cannot_be_read_is_a_400_that_names_each_field(string query, string fields)
    {
        var anna = await _nodes.PersonAsync($"query-{Guid.NewGuid():N}");
        Assert.Equal(fields.Split(','), (await _nodes[0].GetAsync($"/api/notifications/?{query}", anna.Token)).WrongFields());
    }

    private async Task<JsonNode> ListAsync(Person person, string path)
    {
        var reply = await _nodes[0].GetAsync(path, person.Token);
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Json;
    }

    private async Task<int> UnreadAsync(Person person) =>
        (int)(await _nodes[1].GetAsync("/api/notifications/unread_count/", person.Token)).Json["total"]!;

    private static IEnumerable<int> Cursors(JsonNode page) => page["results"]!.AsArray().Select(item => (int)item!["cursor"]!);
}
