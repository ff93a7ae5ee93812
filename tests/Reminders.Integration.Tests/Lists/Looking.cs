using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Lists;

namespace Reminders.Integration.Tests.Lists;

/// <summary>A message is found by what somebody has of it: over HTTP, in what waits for a person, and on the command line.</summary>
public sealed class Looking(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Questions =>
        new()
        {
            { "name=p4", 1 },
            { "name=Person", 6 },
            { "name=person%203", 1 },
            { "name=erson", 0 },
            { "name=p4&person=p4", 1 },
            { "name=p4&person=p5", 0 },
            { "name=Person&state=dead", 3 },
            { "name=Person&state=dead&kind=CONFIRM_2H", 0 },
            { "name=Person&since=2027-03-01T11:00:00Z", 3 },
            { "providerId=said-4", 1 },
            { "providerId=4", 0 },
            { "reason=no+such+chat", 3 },
            { "reason=NO+SUCH&state=dead", 3 },
            { "reason=no+such&state=sent", 0 },
            { "reason=superseded", 0 },
        };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Each_question_finds_its_messages(string query, int expected)
    {
        var owner = await OwnerAsync();
        var page = await ReadAsync($"/api/messages?{query}&owner={owner}");
        Assert.Equal(expected, page["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_a_subject_was_told_is_found_by_its_key_with_its_type_or_without()
    {
        var owner = await OwnerAsync();
        var key = (string)(await ReadAsync($"/api/messages?owner={owner}&person=p4"))["items"]![0]!["subjectKey"]!;
        foreach (var about in (string[])[key, $"booking%20{key}"])
        {
            Assert.Equal(
                "p4",
                (string)(await ReadAsync($"/api/messages?about={about}"))["items"]!.AsArray().Single()!["recipient"]!["reference"]!
            );
        }

        Assert.Empty((await ReadAsync($"/api/messages?about=ticket%20{key}"))["items"]!.AsArray());
        Assert.Empty((await ReadAsync($"/api/messages?about={Guid.NewGuid()}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task What_waits_for_a_person_is_found_alike_over_http_and_on_the_command_line()
    {
        var owner = await OwnerAsync();
        var key = (string)(await ReadAsync($"/api/messages?owner={owner}&state=dead"))["items"]![0]!["subjectKey"]!;
        var page = await ReadAsync($"/api/outbox?state=dead&about={key}&reason=no+such");
        var number = (long)page["items"]!.AsArray().Single()!["id"]!;
        Assert.Empty((await ReadAsync($"/api/outbox?about={key}"))["items"]!.AsArray());
        Assert.Equal(["about"], (await _node.GetAsync($"/api/outbox?about={new string('x', 271)}", _node.Operator)).WrongFields());

        var listed = await CommandLine.RunAsync(
            _node.ConnectionString,
            "outbox",
            "list",
            "--state",
            "dead",
            "--about",
            key,
            "--reason",
            "no such",
            "--json"
        );
        Assert.Equal(number, (long)JsonNode.Parse(listed.Output)!["items"]!.AsArray().Single()!["id"]!);
        var shown = await CommandLine.RunAsync(_node.ConnectionString, "outbox", "show", $"{number}", "--json");
        Assert.Equal(key, (string)JsonNode.Parse(shown.Output)!["subjectKey"]!);
        var text = (await CommandLine.RunAsync(_node.ConnectionString, "outbox", "show", $"{number}")).Output;
        Assert.StartsWith($"message {number} is dead: no such chat", text, StringComparison.Ordinal);
        Assert.Equal(1, (await CommandLine.RunAsync(_node.ConnectionString, "outbox", "show", "999999999")).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync(_node.ConnectionString, "triggers", "list", "--json")).ExitCode);
    }

    [Fact]
    public async Task Of_very_many_the_newest_are_looked_through_and_it_is_said_how_far_and_goes_on_from_there()
    {
        var owner = $"many-{Guid.NewGuid():N}";
        Assert.Equal(1, await ListRows.AddAsync(_node, owner, 4, 1));
        await _node.ScalarAsync<long>(
            """
            WITH o AS (
                INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                    planned_by, fired_at)
                SELECT 'MANY', s.id, n, p.recipient_id, 'fired', '{}', '', now(), now(), 'test', now()
                FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id, generate_series(1, $2) n WHERE s.owner = $1
                RETURNING id, recipient_id, version),
            m AS (
                INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until,
                    created_at, settled_at, provider_message_id)
                SELECT id, 'MANY', recipient_id, 'telegram', 'send', 'sent', now(), now(),
                   timestamptz '2020-01-01Z' + version * interval '1 second',
                       now(), CASE version WHEN 5 THEN $1 END FROM o RETURNING 1)
            SELECT count(*) FROM m
            """,
            owner,
            MessageSearch.LookedThrough + 20
        );
        var first = await ReadAsync($"/api/messages?providerId={owner}&until=2021-01-01T00:00:00Z");
        Assert.Empty(first["items"]!.AsArray());
        Assert.Equal(new(2020, 1, 1, 0, 0, 21, TimeSpan.Zero), (DateTimeOffset)first["lookedTo"]!);
        var second = await ReadAsync($"/api/messages?providerId={owner}&until=2021-01-01T00:00:00Z&after={first["next"]}");
        Assert.Single(second["items"]!.AsArray());
        // Told so much, somebody is looked for among the newest too; and what is found at once is no search that stopped.
        var theirs = await ReadAsync($"/api/messages?name=p4&owner={owner}&size=3");
        Assert.Equal(3, theirs["items"]!.AsArray().Count);
        Assert.Null(theirs["lookedTo"]);
        Assert.NotNull(theirs["next"]);
    }

    [Fact]
    public async Task Of_very_many_dead_too_and_a_kind_that_has_none_among_the_first_is_not_looked_for_through_all()
    {
        Assert.Equal(1, await ListRows.AddAsync(_node, $"dead-{Guid.NewGuid():N}", 6, 1));
        await _node.ScalarAsync<long>(DeadRows.Add, "MANY_DEAD", MessageSearch.LookedThroughOfFew + 20);
        // The twenty that died first are another kind's.
        await _node.ScalarAsync<long>(
            """
            WITH first AS (SELECT id FROM reminders.outbox WHERE kind = 'MANY_DEAD' ORDER BY died_at, id LIMIT 20),
            other AS (UPDATE reminders.outbox m SET kind = 'FEW_DEAD' FROM first WHERE m.id = first.id RETURNING 1)
            SELECT count(*) FROM other
            """
        );
        try
        {
            var first = await ReadAsync("/api/outbox?state=dead&kind=FEW_DEAD");
            Assert.Empty(first["items"]!.AsArray());
            Assert.NotNull(first["lookedTo"]);
            var second = await ReadAsync($"/api/outbox?state=dead&kind=FEW_DEAD&after={first["next"]}");
            Assert.Equal(20, second["items"]!.AsArray().Count);
            Assert.Null(second["lookedTo"]);
            var listed = await CommandLine.RunAsync(_node.ConnectionString, "outbox", "list", "--state", "dead", "--kind", "FEW_DEAD");
            Assert.Contains("No message is dead and asked for, so far.", listed.Output, StringComparison.Ordinal);
            Assert.Contains("--after", listed.Output, StringComparison.Ordinal);
        }
        finally
        {
            await _node.ScalarAsync<long>(DeadRows.Remove);
        }
    }

    [Fact]
    public async Task A_name_that_very_many_have_is_refused()
    {
        var owner = $"namesakes-{Guid.NewGuid():N}";
        await ListRows.AddAsync(_node, owner, 2000, 101);
        var reply = await _node.GetAsync("/api/messages?name=Person%20", _node.Operator);
        Assert.Equal(["name"], reply.WrongFields());
        Assert.Contains("more than 100 people", reply.Text, StringComparison.Ordinal);
    }

    /// <summary>Three sent and three dead, whose provider has names for them and a reason.</summary>
    private async Task<string> OwnerAsync()
    {
        var owner = $"looks-{Guid.NewGuid():N}";
        Assert.Equal(6, await ListRows.AddAsync(_node, owner, 0, 6));
        await using var said = _node.Database.CreateCommand(
            """
            UPDATE reminders.outbox m SET provider_message_id = 'said-' || substr(r.reference, 2),
                   reason = CASE m.state WHEN 'dead' THEN 'no such chat' END
            FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id JOIN reminders.recipient r ON r.id = o.recipient_id
            WHERE o.id = m.occurrence_id AND s.owner = $1
            """
        );
        said.Parameters.Add(new() { Value = owner });
        Assert.Equal(6, await said.ExecuteNonQueryAsync(Stop));
        return owner;
    }

    private async Task<JsonNode> ReadAsync(string path)
    {
        var reply = await _node.GetAsync(path, _node.Operator);
        Assert.True(reply.Status == 200, $"{path}: {reply.Text}");
        return reply.Json;
    }
}
