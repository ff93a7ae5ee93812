namespace Reminders.Integration.Tests.Web;

/// <summary>The same new person, given by many at once on two nodes: one person, and nobody is refused.</summary>
public sealed class NewPeopleAtOnce(Postgres postgres)
{
    private const int Rounds = 40;

    [Fact]
    public async Task Whoever_comes_second_waits_and_finds_them()
    {
        await using var first = await WebNode.StartAsync(postgres);
        await using var second = await first.StartAnotherAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var body = $$"""{"recipients":[{"reference":"new-{{round}}","name":"Anna"}]}""";
            var replies = await Task.WhenAll(
                Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? first : second).SendAsync(HttpMethod.Put, "/api/recipients", body))
            );
            Assert.All(replies, reply => Assert.True(reply.Status == 200, reply.Text));
        }

        Assert.Equal((long)Rounds, await first.ScalarAsync<long>("SELECT count(*) FROM reminders.recipient WHERE reference LIKE 'new-%'"));
    }
}
