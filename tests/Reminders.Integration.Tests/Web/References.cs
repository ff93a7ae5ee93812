using System.Text.Json;

namespace Reminders.Integration.Tests.Web;

/// <summary>A reference is the app's own, and whatever it is, its person can be reached by it.</summary>
public sealed class References(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    [Theory]
    [InlineData("team/7")]
    [InlineData("/")]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("a/b%2fc")]
    [InlineData("tenant/../user")]
    [InlineData("...")]
    [InlineData("100% sure")]
    [InlineData("who? #1; a=b&c+d")]
    [InlineData("Größe 東京 🙂")]
    [InlineData("export")]
    [InlineData("a\\b:c\"d")]
    public async Task Each_request_about_a_person_finds_them_by_it(string reference)
    {
        var (name, key) = ($"owner-{Guid.NewGuid():N}", "");
        key = await _node.KeyAsync(name, name);
        var at = $"/api/recipients/{Uri.EscapeDataString(reference)}";
        // They must not be taken for each other.
        foreach (var other in (string[])["a/b", "a%2Fb", "a%252Fb", "a%2fb", "a/b/c", "a/b%2fc"])
        {
            await KeepAsync(key, other);
        }

        await KeepAsync(key, reference);

        Assert.Equal(reference, (string)(await _node.GetAsync(at, key)).Json["reference"]!);
        Assert.Equal(reference, (string)(await _node.GetAsync($"{at}/export", key)).Json["person"]!["reference"]!);
        Assert.Equal(reference, (string)(await _node.PostAsync($"{at}/start-code", null, key)).Json["reference"]!);
        Assert.Equal(200, (await _node.PostAsync("/api/tokens", JsonSerializer.Serialize(new { recipient = reference }), key)).Status);
        Assert.Equal(
            1,
            (int)(await _node.PostAsync("/api/tokens/revoke", JsonSerializer.Serialize(new { recipient = reference }), key)).Json["count"]!
        );
        var group = await _node.SendAsync(
            HttpMethod.Put,
            $"/api/groups/{Uri.EscapeDataString(reference)}",
            JsonSerializer.Serialize(new { members = new[] { reference } }),
            key
        );
        Assert.Equal((reference, reference), ((string)group.Json["name"]!, (string)group.Json["members"]![0]!));
        Assert.Equal(200, (await _node.SendAsync(HttpMethod.Delete, $"{at}/addresses/email", null, key)).Status);
        Assert.Equal(200, (await _node.PostAsync($"{at}/erase", """{"reason":"asked for it"}""", key)).Status);
        (await _node.GetAsync(at, key)).Problem(404);
        Assert.Equal(
            1L,
            await _node.ScalarAsync<long>("SELECT count(*) FROM reminders.recipient WHERE owner = $1 AND erased_at IS NOT NULL", name)
        );
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task One_that_no_path_can_hold_is_refused_where_it_is_given(string reference)
    {
        Assert.Equal(
            ["recipients[0].reference"],
            (
                await _node.SendAsync(
                    HttpMethod.Put,
                    "/api/recipients",
                    JsonSerializer.Serialize(new { recipients = new[] { new { reference, name = "A" } } })
                )
            ).WrongFields()
        );
        var booking = await _node.PostAsync(
            "/api/bookings",
            JsonSerializer.Serialize(
                new
                {
                    title = "t",
                    startsAt = TimeProvider.System.GetUtcNow().AddDays(2),
                    candidate = new { name = "A", reference },
                    recruiter = new { name = "R" },
                }
            )
        );
        Assert.Equal(["candidate.reference"], booking.WrongFields());
    }

    private async Task KeepAsync(string key, string reference) =>
        Assert.Equal(
            200,
            (
                await _node.SendAsync(
                    HttpMethod.Put,
                    "/api/recipients",
                    JsonSerializer.Serialize(
                        new
                        {
                            recipients = new[]
                            {
                                new
                                {
                                    reference,
                                    name = "Person",
                                    addresses = new { email = "a@example.com" },
                                },
                            },
                        }
                    ),
                    key
                )
            ).Status
        );
}
