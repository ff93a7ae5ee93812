using System.Text.Json.Nodes;

namespace Reminders.Integration.Tests.Inbox;

/// <summary>What a person reads: written when it is read, from what was so when it was fired.</summary>
public sealed class InboxTexts(SharedTwoNodes shared) : IClassFixture<SharedTwoNodes>
{
    private readonly TwoNodes _nodes = shared.Nodes;

    [Theory]
    [InlineData("text-anna", "en", "Europe/Moscow", "Text-Anna, ticket 7 is yours, due 1 March 15:00 (Europe/Moscow)")]
    [InlineData("text-boris", "ru-RU", "UTC", "Text-Boris, заявка 7 ваша, срок 1 марта 12:00 (UTC)")]
    [InlineData("text-chloe", "xx", "Nowhere/Land", "Text-Chloe, ticket 7 is yours, due 1 March 12:00 (UTC)")]
    public async Task A_notification_is_in_the_readers_language_and_zone(string reference, string locale, string zone, string message)
    {
        var person = await _nodes.PersonAsync(reference, locale, zone);
        await _nodes.WriteAsync([person], "TEST_ASSIGNED", "T-7", """{"number":7,"due":"2027-03-01T12:00:00+00:00"}""");
        var item = Assert.Single(await ItemsAsync(person))!;
        Assert.Equal(message, (string)item["message"]!, ignoreCase: true);
        Assert.Equal(
            ("TEST_ASSIGNED", "T-7", false),
            ((string)item["notification_type"]!, (string)item["ticket"]!, (bool)item["is_read"]!)
        );
        Assert.NotNull(item["timestamp"]);
    }

    [Fact]
    public async Task A_kind_that_is_declared_no_more_or_lacks_a_value_is_named_and_hides_nothing_else()
    {
        var person = await _nodes.PersonAsync("text-dora");
        await _nodes.WriteAsync([person], "LONG_GONE", "T-1");
        await _nodes.WriteAsync([person], "TEST_COMMENTED", "T-2", "{}");
        await _nodes.WriteAsync([person], "TEST_COMMENTED", "T-3", """{"author":"Rita","comment":"still {here}"}""");
        Assert.Equal(
            ["Rita wrote: still {here}", "TEST_COMMENTED: ticket T-2 (its text cannot be shown)", "LONG_GONE: ticket T-1"],
            (await ItemsAsync(person)).Select(item => (string)item!["message"]!)
        );
    }

    [Fact]
    public async Task An_item_that_cannot_be_written_is_shown_as_such_and_poisons_neither_list_nor_feed()
    {
        var person = await _nodes.PersonAsync("text-emil");
        await using var live = await LiveClient.ConnectAsync(_nodes[1], person);
        // An instant no calendar has, once it is moved to a clock, and one that is none.
        await _nodes.WriteAsync([person], "TEST_ASSIGNED", "T-1", """{"number":1,"due":"2027-03-01T12:00:00+00:00","starts_at":5}""");
        await _nodes.WriteAsync([person], "TEST_COMMENTED", "T-2", """{"author":"Rita","comment":"fine"}""");
        Assert.Contains("cannot be shown", (string)(await live.NextAsync())!["message"]!, StringComparison.Ordinal);
        Assert.Equal("Rita wrote: fine", (string)(await live.NextAsync())!["message"]!);
        Assert.Equal("Rita wrote: fine", (string)(await ItemsAsync(person))[0]!["message"]!);
        Assert.Equal(
            200,
            (
                await _nodes[0].PostAsync($"/api/notifications/{(await ItemsAsync(person))[1]!["id"]}/mark_as_read/", null, person.Token)
            ).Status
        );
    }

    private async Task<JsonArray> ItemsAsync(Person person) =>
        (await _nodes[0].GetAsync("/api/notifications/", person.Token)).Json["results"]!.AsArray();
}
