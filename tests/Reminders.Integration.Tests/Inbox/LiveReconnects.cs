namespace Reminders.Integration.Tests.Inbox;

/// <summary>A client that comes back with its cursor, to any node, misses nothing and gets nothing twice.</summary>
public sealed class LiveReconnects(SharedTwoNodes shared) : IClassFixture<SharedTwoNodes>
{
    private const int Clients = 6;
    private const int Writers = 3;
    private const int Each = 60;

    private readonly TwoNodes nodes = shared.Nodes;

    [Fact]
    public async Task While_items_are_written_clients_drop_and_come_back_to_the_other_node()
    {
        for (var round = 1; round <= 3; round++)
        {
            var (anna, boris) = (await nodes.PersonAsync($"drop-anna-{round}"), await nodes.PersonAsync($"drop-boris-{round}"));
            var writing = Enumerable.Range(0, Writers).Select(_ => WriteAsync(anna, boris)).ToArray();
            var reading = Enumerable.Range(0, Clients).Select(client => ReadAsync(client % 2 == 0 ? anna : boris, new Random(round * 100 + client), client)).ToArray();
            await Task.WhenAll(writing);
            foreach (var seen in await Task.WhenAll(reading))
                Assert.Equal(Enumerable.Range(1, Writers * Each).Select(n => (long)n), seen);
        }
    }

    private async Task WriteAsync(Person anna, Person boris)
    {
        for (var i = 0; i < Each; i++)
            await nodes.WriteAsync([anna, boris]);
    }

    private async Task<List<long>> ReadAsync(Person person, Random random, int node)
    {
        var seen = new List<long>();
        while (seen.Count < Writers * Each)
        {
            await using var client = await LiveClient.ConnectAsync(nodes[node++ % 2], person, seen.LastOrDefault());
            var stay = random.Next(0, 12);
            while (stay-- > 0 && seen.Count < Writers * Each)
                seen.Add(await client.NextCursorAsync());
            // One time with a farewell, one time as a line that breaks.
            if (random.Next(2) == 0)
                await client.CloseAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        return seen;
    }
}
