namespace Reminders.Integration.Tests.Web;

/// <summary>Bookings over HTTP.</summary>
public sealed class BookingApi(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    [Fact]
    public async Task A_created_booking_is_201_and_lies_where_Location_says()
    {
        var made = await _node.PostAsync("/api/bookings", WebNode.Booking());
        Assert.Equal(201, made.Status);
        Assert.Equal($"/api/bookings/{made.Json["id"]}", made.Location);
        var read = await _node.GetAsync(made.Location!);
        Assert.Equal(200, read.Status);
        Assert.Equal(made.Text, read.Text);
        Assert.Equal("proposed", (string)read.Json["status"]!);
    }

    [Fact]
    public async Task A_booking_is_approved_moved_given_to_another_and_cancelled()
    {
        var id = await _node.BookAsync();
        Assert.Equal("approved", (string)(await _node.PostAsync($"/api/bookings/{id}/approve")).Json["status"]!);
        var moved = await _node.PostAsync(
            $"/api/bookings/{id}/move",
            $$"""{"startsAt":"{{TimeProvider.System.GetUtcNow().AddDays(3):O}}"}"""
        );
        Assert.Equal(2, (int)moved.Json["scheduleVersion"]!);
        var given = await _node.PostAsync($"/api/bookings/{id}/candidate", """{"candidate":{"name":"Boris","telegramChatId":1002}}""");
        Assert.Equal("Boris", (string)given.Json["candidate"]!["name"]!);
        Assert.Equal(3, (int)given.Json["scheduleVersion"]!);
        Assert.Equal("cancelled", (string)(await _node.PostAsync($"/api/bookings/{id}/cancel")).Json["status"]!);
        var refused = await _node.PostAsync(
            $"/api/bookings/{id}/move",
            $$"""{"startsAt":"{{TimeProvider.System.GetUtcNow().AddDays(4):O}}"}"""
        );
        Assert.Contains("cancelled", (string)refused.Problem(409)["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reminders_of_a_booking_are_listed_and_a_second_approval_is_counted_as_suppressed()
    {
        var id = await _node.BookAsync();
        await _node.PostAsync($"/api/bookings/{id}/approve");
        await _node.PostAsync($"/api/bookings/{id}/approve");
        var reminders = (await _node.GetAsync($"/api/bookings/{id}/reminders")).Json.AsArray();
        var confirm = Assert.Single(reminders, reminder => (string)reminder!["kind"]! == "CONFIRM_2H")!;
        Assert.Equal("planned", (string)confirm["state"]!);
        Assert.Equal(1, (int)confirm["suppressed"]!);
        Assert.Equal(1, (int)confirm["version"]!);
        Assert.Equal("Anna", (string)confirm["recipient"]!["name"]!);
        Assert.Empty(confirm["messages"]!.AsArray());
        Assert.NotNull(confirm["dueAt"]);
        Assert.NotNull(confirm["usefulUntil"]);
    }

    [Fact]
    public async Task Many_bookings_are_approved_at_once_with_a_result_for_each()
    {
        var (fresh, approved, cancelled) = (await _node.BookAsync(), await _node.BookAsync(), await _node.BookAsync());
        await _node.PostAsync($"/api/bookings/{approved}/approve");
        await _node.PostAsync($"/api/bookings/{cancelled}/approve");
        await _node.PostAsync($"/api/bookings/{cancelled}/cancel");
        var nobody = Guid.NewGuid().ToString();

        var reply = await _node.PostAsync(
            "/api/bookings/approve",
            $$"""{"ids":["{{fresh}}","{{approved}}","{{cancelled}}","{{nobody}}","{{fresh}}"]}"""
        );
        Assert.Equal(
            [(fresh, "approved"), (approved, "unchanged"), (cancelled, "approved"), (nobody, "not_found")],
            reply.Json["results"]!.AsArray().Select(result => ((string)result!["id"]!, (string)result["result"]!))
        );
        Assert.Equal(2, (int)reply.Json["results"]![2]!["scheduleVersion"]!);
        Assert.Single((await _node.GetAsync($"/api/bookings/{fresh}/reminders")).Json.AsArray(), r => (string)r!["kind"]! == "CONFIRM_2H");
        Assert.Equal(
            ["cancelled", "planned"],
            (await _node.GetAsync($"/api/bookings/{cancelled}/reminders"))
                .Json.AsArray()
                .Where(r => (string)r!["kind"]! == "CONFIRM_2H")
                .Select(r => (string)r!["state"]!)
        );
    }

    [Fact]
    public async Task A_thousand_bookings_fit_one_request_and_a_thousand_and_one_are_refused()
    {
        var thousand = string.Join(',', Enumerable.Range(0, 1000).Select(_ => $"\"{Guid.NewGuid()}\""));
        Assert.Equal(
            1000,
            (await _node.PostAsync("/api/bookings/approve", $$"""{"ids":[{{thousand}}]}""")).Json["results"]!.AsArray().Count
        );
        Assert.Equal(
            ["ids"],
            (await _node.PostAsync("/api/bookings/approve", $$"""{"ids":[{{thousand}},"{{Guid.NewGuid()}}"]}""")).WrongFields()
        );
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/reminders")]
    [InlineData("GET", "/explain")]
    [InlineData("POST", "/approve")]
    [InlineData("POST", "/cancel")]
    public async Task A_booking_that_is_not_there_is_a_404_that_names_it(string method, string path)
    {
        var id = Guid.NewGuid();
        var reply = await _node.SendAsync(new(method), $"/api/bookings/{id}{path}", null);
        Assert.Contains(id.ToString(), (string)reply.Problem(404)["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/bookings/7")]
    [InlineData("POST", "/api/bookings/no-such-form/approve")]
    [InlineData("GET", "/api/bookings/%22;--/explain")]
    public async Task An_id_that_is_none_is_a_400_that_says_what_one_looks_like(string method, string path) =>
        Assert.Equal(["id"], (await _node.SendAsync(new(method), path, null)).WrongFields());
}
