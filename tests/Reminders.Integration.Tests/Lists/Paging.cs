using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;

namespace Reminders.Integration.Tests.Lists;

/// <summary>Lists over HTTP and on the command line: whole, narrowed, and each owner's own.</summary>
public sealed class Paging(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    public static TheoryData<string> Paths => new() { "/api/bookings", "/api/recipients", "/api/messages", "/api/suppressions" };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_row_is_listed_once_in_order_while_others_are_added(string path)
    {
        var owner = await OwnerAsync(from: 10, count: 11);
        var listed = new List<string>();
        string? after = null;
        for (var page = 0; page < 20; page++)
        {
            var reply = await ReadAsync($"{path}?size=2&owner={owner}{(after is null ? "" : $"&after={after}")}");
            Assert.InRange(reply["items"]!.AsArray().Count, 1, 2);
            listed.AddRange(reply["items"]!.AsArray().Select(item => ListRows.Name(item!)));
            after = (string?)reply["next"];
            if (after is null)
            {
                break;
            }
            // Beside what is read already, where a page counted by its rows would move: the first of bookings, the newest of others.
            if (page is 0 or 2)
            {
                await ListRows.AddAsync(_node, owner, path == "/api/bookings" ? page : 100 + page, 1);
            }
        }
        var whole = (await ReadAsync($"{path}?size=200&owner={owner}"))["items"]!.AsArray().Select(item => ListRows.Name(item!)).ToArray();
        Assert.Equal(13, whole.Length);
        // The two that came in between stand at the head.
        Assert.Equal(whole[2..], listed);
    }

    public static TheoryData<string, int> Filters =>
        new()
        {
            { "/api/bookings?state=approved", 3 },
            { "/api/bookings?state=cancelled", 0 },
            { "/api/bookings?person=p5", 1 },
            { "/api/bookings?since=2027-03-01T11:00:00Z", 3 },
            { "/api/bookings?until=2027-03-01T14:00:00%2B03:00", 3 },
            { "/api/bookings?until=2027-03-01T14:00:00+03:00", 3 },
            { "/api/bookings?since=2027-03-01T11:00:00Z&until=2027-03-01T11:00:01Z&state=proposed", 2 },
            { "/api/recipients?state=unreachable", 3 },
            { "/api/recipients?state=unreachable&channel=email", 0 },
            { "/api/recipients?channel=email", 6 },
            { "/api/recipients?channel=sms", 0 },
            { "/api/recipients?state=opted_out", 0 },
            { "/api/recipients?person=p3", 1 },
            { "/api/recipients?until=2027-03-01T11:00:00Z", 3 },
            { "/api/messages?state=dead", 3 },
            { "/api/messages?state=uncertain", 0 },
            { "/api/messages?kind=CONFIRM_2H", 3 },
            { "/api/messages?channel=email&state=dead", 3 },
            { "/api/messages?channel=email&state=sent", 0 },
            { "/api/messages?person=p4", 1 },
            { "/api/messages?since=2027-03-01T11:00:00Z", 3 },
            { "/api/suppressions?state=fired", 3 },
            { "/api/suppressions?kind=NO_ANSWER_1H", 3 },
            { "/api/suppressions?person=p4", 1 },
            { "/api/suppressions?person=nobody", 0 },
            { "/api/suppressions?until=2027-03-01T11:00:00Z&kind=CONFIRM_2H", 2 },
        };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Each_filter_narrows_the_list(string query, int expected)
    {
        // Three of them at 10:00, three at 11:00.
        var owner = await OwnerAsync(from: 0, count: 6);
        Assert.Equal(expected, (await ReadAsync($"{query}&owner={owner}"))["items"]!.AsArray().Count);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Anothers_rows_are_in_no_list_of_a_key_and_in_an_operators(string path)
    {
        var (anna, mallory) = (await OwnerAsync(0, 3), await OwnerAsync(0, 2));
        var key = await _node.KeyAsync(mallory, mallory);
        if (path == "/api/messages")
        {
            (await _node.GetAsync(path, key)).Problem(403);
        }
        else
        {
            var own = await _node.GetAsync($"{path}?size=200", key);
            Assert.Equal(2, own.Json["items"]!.AsArray().Count);
            Assert.DoesNotContain(anna, own.Text, StringComparison.Ordinal);
            Assert.Empty((await _node.GetAsync($"{path}?person=p2", key)).Json["items"]!.AsArray());
            (await _node.GetAsync($"{path}?owner={anna}", key)).Problem(403);
        }
        var all = (await _node.GetAsync($"{path}?person=p1&size=200", _node.Operator)).Text;
        Assert.Contains(anna, all, StringComparison.Ordinal);
        Assert.Contains(mallory, all, StringComparison.Ordinal);
        Assert.Equal(3, (await ReadAsync($"{path}?owner={anna}"))["items"]!.AsArray().Count);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_cannot_be_read_is_a_400_that_names_each_field(string path)
    {
        var owner = await OwnerAsync(0, 3);
        Assert.Equal(
            ["after", "person", "since", "size", "state", "until"],
            (
                await _node.GetAsync(
                    $"{path}?state=x&person={new string('p', 201)}&since=2027-03-01T10:00:00&until=yesterday&after=!!&size=201",
                    _node.Operator
                )
            ).WrongFields()
        );
        Assert.Equal(
            ["until"],
            (await _node.GetAsync($"{path}?since=2027-03-01T10:00:00Z&until=2027-03-01T10:00:00Z", _node.Operator)).WrongFields()
        );
        foreach (var size in (string[])["0", "-1", "1.5", "many"])
        {
            Assert.Equal(["size"], (await _node.GetAsync($"{path}?size={size}", _node.Operator)).WrongFields());
        }

        var next = (string)(await ReadAsync($"{path}?size=1&owner={owner}"))["next"]!;
        foreach (
            var cursor in (string[])[next[1..], next + "A", next[..^4], "e30", Convert.ToBase64String("bookings.9999999999999999999.1."u8)]
        )
        {
            Assert.Equal(["after"], (await _node.GetAsync($"{path}?after={Uri.EscapeDataString(cursor)}", _node.Operator)).WrongFields());
        }

        foreach (var other in ListRows.Paths.Where(other => other != path))
        {
            Assert.Equal(["after"], (await _node.GetAsync($"{other}?after={next}", _node.Operator)).WrongFields());
        }
    }

    [Fact]
    public async Task Addresses_are_masked_an_opt_out_is_the_addresss_and_the_forgotten_are_gone()
    {
        var owner = await OwnerAsync(0, 2);
        await _node.ScalarAsync<long>(
            """
            INSERT INTO reminders.opt_out (key, channel) SELECT a.key, a.channel FROM reminders.address a
                JOIN reminders.recipient r ON r.id = a.recipient_id
            WHERE r.owner = $1 AND r.reference = 'p0' AND a.channel = 'telegram' RETURNING 1::bigint
            """,
            owner
        );
        var reply = await _node.GetAsync($"/api/recipients?state=opted_out&owner={owner}", _node.Operator);
        var person = Assert.Single(reply.Json["items"]!.AsArray())!;
        Assert.Equal(
            "email p…@example.org reachable, telegram …234 opted_out",
            string.Join(
                ", ",
                person["addresses"]!.AsArray().Select(address => $"{address!["channel"]} {address["address"]} {address["state"]}")
            )
        );
        Assert.DoesNotContain("71234", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("person@", reply.Text, StringComparison.Ordinal);
        await _node.ScalarAsync<long>(
            "UPDATE reminders.recipient SET erased_at = now() WHERE owner = $1 AND reference = 'p0' RETURNING id",
            owner
        );
        Assert.Equal("p1", (string)Assert.Single((await ReadAsync($"/api/recipients?owner={owner}"))["items"]!.AsArray())!["reference"]!);
    }

    [Fact]
    public async Task A_booking_of_the_api_is_in_the_list_as_the_api_shows_it()
    {
        var id = await _node.BookAsync("Zoe", 4711);
        var one = (await _node.GetAsync($"/api/bookings/{id}")).Json;
        var listed = (await _node.GetAsync("/api/bookings?size=200")).Json["items"]!.AsArray().Single(item => (string)item!["id"]! == id)!;
        foreach (var field in (string[])["status", "scheduleVersion", "title", "place", "startsAt", "createdAt", "changedAt"])
        {
            Assert.Equal(one[field]?.ToJsonString(), listed[field]?.ToJsonString());
        }

        Assert.Equal("Zoe Rita booking-app", $"{listed["candidate"]!["name"]} {listed["recruiter"]!["name"]} {listed["owner"]}");
    }

    [Theory]
    [InlineData("bookings", "booking ", 3)]
    [InlineData("people", "reference ", 3)]
    [InlineData("messages", "message ", 3)]
    [InlineData("suppressions", "first ", 3)]
    public async Task The_command_line_lists_the_same_as_a_table_and_as_json(string command, string header, int rows)
    {
        var owner = await OwnerAsync(0, rows);
        var table = await CommandLine.RunAsync(_node.ConnectionString, command, "list", "--owner", owner, "--size", "2");
        Assert.True(table.ExitCode == 0, table.Errors);
        var lines = table.Output.TrimEnd().Split('\n');
        Assert.StartsWith(header, lines[0], StringComparison.Ordinal);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("More follow: --after ", lines[3], StringComparison.Ordinal);
        var rest = await CommandLine.RunAsync(
            _node.ConnectionString,
            command,
            "list",
            "--owner",
            owner,
            "--json",
            "--after",
            lines[3].Split(' ')[^1].TrimEnd('\r')
        );
        Assert.Single(JsonNode.Parse(rest.Output)!["items"]!.AsArray());
        var wrong = await CommandLine.RunAsync(_node.ConnectionString, command, "list", "--since", "2027-03-01", "--state", "x");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("since is '2027-03-01'", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("state is 'x'", wrong.Errors, StringComparison.Ordinal);
    }

    private async Task<string> OwnerAsync(int from, int count)
    {
        var owner = $"lists-{Guid.NewGuid():N}";
        Assert.Equal(count, await ListRows.AddAsync(_node, owner, from, count));
        return owner;
    }

    private async Task<JsonNode> ReadAsync(string path)
    {
        var reply = await _node.GetAsync(path, _node.Operator);
        Assert.True(reply.Status == 200, $"{path}: {reply.Text}");
        return reply.Json;
    }
}
