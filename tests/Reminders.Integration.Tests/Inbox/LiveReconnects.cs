namespace Reminders.Integration.Tests.Inbox;

/// <summary>A client that comes back with its cursor, to any node, misses nothing and gets nothing twice.</summary>
public sealed class LiveReconnects(SharedTwoNodes shared) : IClassFixture<SharedTwoNodes>
{
    private const int Clients = 6;
    private const int Writers = 3;
    private const int Each = 60;

    private readonly TwoNodes _nodes = shared.Nodes;

    [Fact]
    public async Task While_items_are_written_clients_drop_and_come_back_to_the_other_node()
    {
        for (var round = 1; round <= 3; round++)
        {
            var (anna, boris) = (await _nodes.PersonAsync($"drop-anna-{round}"), await _nodes.PersonAsync($"drop-boris-{round}"));
            var writing = Enumerable.Range(0, Writers).Select(_ => WriteAsync(anna, boris)).ToArray();
            await ReadByManyAsync(anna, boris, round);
            await Task.WhenAll(writing);
        }
    }

    [Fact]
    public async Task While_both_nodes_fire_what_is_asked_of_them_clients_drop_and_come_back_to_the_other_node()
    {
        var (anna, boris) = (await _nodes.PersonAsync("fire-anna"), await _nodes.PersonAsync("fire-boris"));
        var asking = Enumerable.Range(0, Writers).Select(AskAsync).ToArray();
        await ReadByManyAsync(anna, boris, round: 9);
        await Task.WhenAll(asking);
    }

    private async Task AskAsync(int writer)
    {
        for (var i = 0; i < Each; i++)
        {
            var asked = await _nodes[(writer + i) % 2]
                .PostAsync(
                    "/api/notifications",
                    $$"""
                    {"kind":"TEST_COMMENTED","subject":"fire-{{writer}}-{{i}}","version":1,"recipients":["fire-anna","fire-boris"],"data":{"author":"Rita","comment":"hello"} }
                    """
                );
            Assert.True(asked.Status == 200, asked.Text);
        }
    }

    private async Task ReadByManyAsync(Person anna, Person boris, int round)
    {
        var reading = Enumerable
            .Range(0, Clients)
            .Select(client => ReadAsync(client % 2 == 0 ? anna : boris, new Random(round * 100 + client), client));
        foreach (var seen in await Task.WhenAll(reading))
        {
            Assert.Equal(Enumerable.Range(1, Writers * Each).Select(n => (long)n), seen);
        }
    }

    private async Task WriteAsync(Person anna, Person boris)
    {
        for (var i = 0; i < Each; i++)
        {
            await _nodes.WriteAsync([anna, boris]);
        }
    }

    private async Task<List<long>> ReadAsync(Person person, Random random, int node)
    {
        var seen = new List<long>();
        while (seen.Count < Writers * Each)
        {
            await using var client = await LiveClient.ConnectAsync(_nodes[node++ % 2], person, seen.LastOrDefault());
            var stay = random.Next(0, 12);
            while (stay-- > 0 && seen.Count < Writers * Each)
            {
                seen.Add(await client.NextCursorAsync());
            }
            // One time with a farewell, one time as a line that breaks.
            if (random.Next(2) == 0)
            {
                await client.CloseAsync().WaitAsync(TimeSpan.FromSeconds(10));
            }
        }
        return seen;
    }
}
