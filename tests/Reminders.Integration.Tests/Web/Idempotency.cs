namespace Reminders.Integration.Tests.Web;

/// <summary>Idempotency-Key: the same request again has no second effect.</summary>
[Trait("Suite", "Quick")]
public sealed class Idempotency(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    [Fact]
    public async Task A_create_repeated_with_its_key_answers_the_same_201_and_books_once()
    {
        var (body, key) = (WebNode.Booking("Repeated", 7001), Guid.NewGuid().ToString());
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _node.PostAsync("/api/bookings", body, idempotencyKey: key)));
        Assert.All(replies, reply => Assert.Equal((201, replies[0].Text, replies[0].Location), (reply.Status, reply.Text, reply.Location)));
        Assert.Equal(1L, await _node.ScalarAsync<long>("SELECT count(*) FROM reminders.booking WHERE candidate = 'Repeated'"));
    }

    [Fact]
    public async Task A_key_used_for_another_request_is_a_422()
    {
        var key = Guid.NewGuid().ToString();
        await _node.PostAsync("/api/bookings", WebNode.Booking(), idempotencyKey: key);
        Assert.Contains(
            key,
            (string)(await _node.PostAsync("/api/bookings", WebNode.Booking("Other"), idempotencyKey: key)).Problem(422)["detail"]!,
            StringComparison.Ordinal
        );
        (await _node.PostAsync($"/api/bookings/{await _node.BookAsync()}/approve", idempotencyKey: key)).Problem(422);
    }

    [Fact]
    public async Task The_same_key_of_another_caller_is_another_key()
    {
        var (body, key) = (WebNode.Booking(), Guid.NewGuid().ToString());
        var one = await _node.PostAsync("/api/bookings", body, _node.Recruiter, key);
        var other = await _node.PostAsync("/api/bookings", body, _node.Operator, key);
        Assert.Equal((201, 201), (one.Status, other.Status));
        Assert.NotEqual(one.Text, other.Text);
    }

    [Fact]
    public async Task A_refused_request_leaves_its_key_free()
    {
        var key = Guid.NewGuid().ToString();
        (await _node.PostAsync("/api/bookings", "{}", idempotencyKey: key)).Problem(400);
        Assert.Equal(201, (await _node.PostAsync("/api/bookings", WebNode.Booking(), idempotencyKey: key)).Status);
    }

    [Fact]
    public async Task A_bulk_approval_repeated_with_its_key_answers_the_same_though_the_bookings_are_approved_now()
    {
        var (body, key) = ($$"""{"ids":["{{await _node.BookAsync()}}","{{await _node.BookAsync()}}"]}""", Guid.NewGuid().ToString());
        var first = await _node.PostAsync("/api/bookings/approve", body, idempotencyKey: key);
        Assert.All(first.Json["results"]!.AsArray(), result => Assert.Equal("approved", (string)result!["result"]!));
        Assert.Equal(first.Text, (await _node.PostAsync("/api/bookings/approve", body, idempotencyKey: key)).Text);
    }

    [Fact]
    public async Task A_key_of_255_characters_is_taken_and_an_empty_or_longer_one_refused()
    {
        Assert.Equal(201, (await _node.PostAsync("/api/bookings", WebNode.Booking(), idempotencyKey: new('k', 255))).Status);
        Assert.Equal(
            ["Idempotency-Key"],
            (await _node.PostAsync("/api/bookings", WebNode.Booking(), idempotencyKey: new('k', 256))).WrongFields()
        );
        Assert.Equal(["Idempotency-Key"], (await _node.PostAsync("/api/bookings", WebNode.Booking(), idempotencyKey: "")).WrongFields());
    }
}
