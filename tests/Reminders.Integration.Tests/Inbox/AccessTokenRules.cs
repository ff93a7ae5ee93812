namespace Reminders.Integration.Tests.Inbox;

/// <summary>Who may read an inbox.</summary>
[Trait("Suite", "Quick")]
public sealed class AccessTokenRules(SharedTwoNodes shared) : IClassFixture<SharedTwoNodes>
{
    private readonly TwoNodes _nodes = shared.Nodes;

    [Fact]
    public async Task A_token_is_issued_for_12_hours_shown_once_and_kept_as_its_hash()
    {
        var anna = await _nodes.PersonAsync("token-anna");
        Assert.Matches("^rt_[A-Za-z0-9_-]{43}$", anna.Token);
        var kept = await _nodes[0].ScalarAsync<string>("SELECT t::text FROM reminders.access_token t WHERE recipient_id = $1", anna.Id);
        Assert.DoesNotContain(anna.Token[3..], kept, StringComparison.Ordinal);
        Assert.Contains("api:booking-app", kept, StringComparison.Ordinal);
        Assert.True(
            await _nodes[0]
                .ScalarAsync<bool>(
                    "SELECT expires_at - issued_at = interval '12 hours' FROM reminders.access_token WHERE recipient_id = $1",
                    anna.Id
                )
        );
        var hour = await _nodes[1].PostAsync("/api/tokens/", """{"recipient":"token-anna","expiresIn":3600}""", _nodes[1].Operator);
        Assert.InRange(
            (DateTimeOffset)hour.Json["expiresAt"]! - TimeProvider.System.GetUtcNow(),
            TimeSpan.FromMinutes(58),
            TimeSpan.FromMinutes(61)
        );
        // With the same Idempotency-Key too: an answer that could come back would have to be kept.
        const string Body = """{"recipient":"token-anna"}""";
        Assert.NotEqual(
            (await _nodes[0].PostAsync("/api/tokens", Body, idempotencyKey: "once")).Text,
            (await _nodes[0].PostAsync("/api/tokens", Body, idempotencyKey: "once")).Text
        );
    }

    [Theory]
    [InlineData("""{}""", "recipient")]
    [InlineData("""{"recipient":"nobody","expiresIn":0}""", "expiresIn")]
    [InlineData("""{"recipient":"nobody","expiresIn":2592001}""", "expiresIn")]
    [InlineData("""{"recipient":7,"expiresIn":-1}""", "expiresIn,recipient")]
    public async Task What_is_wrong_in_a_request_for_one_is_named(string body, string fields) =>
        Assert.Equal(fields.Split(','), (await _nodes[0].PostAsync("/api/tokens", body)).WrongFields());

    [Fact]
    public async Task Nobody_gets_one_for_a_person_that_is_not_there_or_without_an_API_key()
    {
        var anna = await _nodes.PersonAsync("token-bella");
        Assert.Contains(
            "no-such",
            (string)(await _nodes[0].PostAsync("/api/tokens", """{"recipient":"no-such"}""")).Problem(404)["detail"]!,
            StringComparison.Ordinal
        );
        (await _nodes[0].PostAsync("/api/tokens", """{"recipient":"token-bella"}""", "")).Problem(401);
        (await _nodes[0].PostAsync("/api/tokens", """{"recipient":"token-bella"}""", anna.Token)).Problem(401);
    }

    [Fact]
    public async Task Without_a_token_in_force_an_inbox_is_a_401()
    {
        var anna = await _nodes.PersonAsync("token-clara");
        foreach (var key in (string[])["", _nodes[0].Operator, "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
        {
            (await _nodes[0].GetAsync("/api/notifications/", key)).Problem(401);
        }
        // Only the live connection takes it from the address, where logs and histories keep it.
        (await _nodes[0].GetAsync($"/api/notifications/?token={anna.Token}", "")).Problem(401);
        Assert.Equal(200, (await _nodes[0].GetAsync("/api/notifications/", anna.Token)).Status);
        Assert.Equal("""{"count":1}""", (await _nodes[0].PostAsync("/api/tokens/revoke", """{"recipient":"token-clara"}""")).Text);
        (await _nodes[1].GetAsync("/api/notifications/", anna.Token)).Problem(401);
        Assert.Equal("""{"count":0}""", (await _nodes[0].PostAsync("/api/tokens/revoke", """{"recipient":"token-clara"}""")).Text);
    }

    [Fact]
    public async Task An_expired_token_is_a_401()
    {
        var anna = await _nodes.PersonAsync("token-dora");
        await _nodes[0]
            .ScalarAsync<long>(
                "UPDATE reminders.access_token SET expires_at = now() WHERE recipient_id = $1 RETURNING recipient_id",
                anna.Id
            );
        (await _nodes[0].GetAsync("/api/notifications/", anna.Token)).Problem(401);
    }
}
