using System.Text;
using Npgsql;

namespace Reminders.Integration.Tests.Web;

/// <summary>Telegram's webhook: only Telegram gets in, each update is stored once, and the answer does not wait for its meaning.</summary>
public sealed class Webhook(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a-secret_of-the-webhooK")]
    [InlineData("a-secret_of-the-webhook-and-more")]
    public async Task Without_the_secret_it_is_a_401_and_nothing_is_stored(string? secret)
    {
        (await DeliverAsync("""{"update_id":101}""", secret)).Problem(401);
        Assert.Equal(0L, await StoredAsync(101));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"update_id":null}""")]
    [InlineData("""{"update_id":""}""")]
    [InlineData("""{"update_id":"102"}""")]
    [InlineData("""{"update_id":0}""")]
    [InlineData("[]")]
    public async Task Without_a_usable_id_it_is_a_400_that_names_the_field(string update) =>
        Assert.Equal(["update_id"], (await DeliverAsync(update)).WrongFields());

    [Fact]
    public async Task What_is_no_JSON_is_a_400() => Assert.Equal(["body"], (await DeliverAsync("<html>")).WrongFields());

    [Fact]
    public async Task The_same_update_a_hundred_times_is_stored_once_and_always_answered_200()
    {
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => DeliverAsync("""{"update_id":103,"message":{"message_id":1,"chat":{"id":5}}}"""))
        );
        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Equal(1L, await StoredAsync(103));
        Assert.Equal(99, await _node.ScalarAsync<int>("SELECT repeats FROM reminders.inbound_update WHERE provider_id = '103'"));
    }

    /// <summary>Rule 13: Telegram is answered first. Whoever works before it answers makes Telegram send the update again.</summary>
    [Fact]
    public async Task The_answer_does_not_wait_for_what_the_update_means()
    {
        await using var connection = await _node.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand("LOCK TABLE reminders.address IN ACCESS EXCLUSIVE MODE", connection))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        // The first ones keep the node's own lanes busy; nobody but the request would be left to work on the last.
        for (var id = 107; id < 112; id++)
        {
            var answer = DeliverAsync(
                $$$"""{"update_id":{{{id}}},"message":{"message_id":1,"date":1,"chat":{"id":{{{id}}},"type":"private"},"text":"/stop"}}"""
            );
            Assert.Equal(200, (await answer.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).Status);
        }
        Assert.Equal(
            5,
            await _node.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.inbound_update WHERE state = 'received' AND provider_id BETWEEN '107' AND '111'"
            )
        );
    }

    [Fact]
    public async Task An_update_with_text_that_the_database_cannot_hold_is_stored_without_it()
    {
        const string Update =
            """{"update_id":104,"message":{"message_id":1,"chat":{"id":5},"text":"a\u0000b \ud83d c \ud83d\ude00 d \\u0000"}}""";
        Assert.Equal(200, (await DeliverAsync(Update)).Status);
        Assert.Equal(
            "a\uFFFDb \uFFFD c 😀 d \\u0000",
            await _node.ScalarAsync<string>(
                "SELECT payload -> 'message' ->> 'text' FROM reminders.inbound_update WHERE provider_id = '104'"
            )
        );
    }

    [Fact]
    public async Task An_update_over_a_MiB_is_a_413() =>
        (await DeliverAsync($$"""{"update_id":105,"x":"{{new string('x', 1024 * 1024)}}"}""")).Problem(413);

    [Fact]
    public async Task While_the_nodes_poll_there_is_no_webhook()
    {
        await using var polling = await WebNode.StartAsync(shared.Postgres, null, ("Telegram:Mode", "Polling"));
        (await DeliverAsync("""{"update_id":106}""", WebNode.WebhookSecret, polling)).Problem(404);
    }

    private Task<long> StoredAsync(long id) =>
        _node.ScalarAsync<long>(
            "SELECT count(*) FROM reminders.inbound_update WHERE provider_id = $1",
            id.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );

    private async Task<Reply> DeliverAsync(string update, string? secret = WebNode.WebhookSecret, WebNode? to = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/telegram/webhook")
        {
            Content = new StringContent(update, Encoding.UTF8, "application/json"),
        };
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Telegram-Bot-Api-Secret-Token", secret);
        }

        return await (to ?? _node).SendAsync(request);
    }
}
