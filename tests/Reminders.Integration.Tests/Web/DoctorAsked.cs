using System.Text.Json.Nodes;
using Npgsql;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>What doctor finds is the same over HTTP and on the command line, and a check that cannot be made is found too.</summary>
public sealed class DoctorAsked(Postgres postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_is_told_over_HTTP_what_the_command_line_prints_as_JSON_and_a_recruiter_is_not()
    {
        await using var node = await WebNode.StartAsync(postgres);
        (await node.GetAsync("/api/doctor", node.Recruiter)).Problem(403);
        await node.ScalarAsync<string>(
            "INSERT INTO reminders.channel (name, broken_since, pause_reason) VALUES ('email', now(), '535 no') RETURNING name"
        );
        var asked = await node.GetAsync("/api/doctor", node.Operator);
        Assert.Equal((200, "bad", "quick"), (asked.Status, (string)asked.Json["health"]!, (string)asked.Json["depth"]!));
        var typed = await CommandLine.RunAsync(node.ConnectionString, "doctor", "--json");
        Assert.Equal(1, typed.ExitCode);
        var printed = JsonNode.Parse(typed.Output)!;
        Assert.Equal(Names(asked.Json), Names(printed));
        foreach (var report in (JsonNode[])[asked.Json, printed])
        {
            var finding = Finding(report, "channel_broken");
            Assert.Equal(Names(finding), ["about", "code", "fix", "health", "said", "says", "since", "tookMs"]);
            Assert.Equal("bad", (string)finding["health"]!);
            Assert.True((double)finding["tookMs"]! > 0);
            Assert.NotNull(finding["since"]);
            Assert.StartsWith("reminders channels resume email --reason", (string)finding["fix"]!["command"]!, StringComparison.Ordinal);
            Assert.Equal(
                ("good", (string?)null),
                ((string)Finding(report, "reminder_overdue")["health"]!, (string?)Finding(report, "reminder_overdue")["since"])
            );
        }
    }

    [Fact]
    public async Task Deep_says_on_standard_error_how_far_it_is_and_goes_by_its_old_name_too()
    {
        var database = await postgres.CreateDatabaseAsync();
        foreach (var option in (string[])["--deep", "--duplicates"])
        {
            var run = await CommandLine.RunAsync(database, "doctor", option, "--json");
            Assert.Equal("deep", (string)JsonNode.Parse(run.Output)!["depth"]!);
            Assert.Equal("good", (string)Finding(JsonNode.Parse(run.Output)!, "told_twice")["health"]!);
            Assert.Contains(" told twice", run.Errors);
        }

        Assert.Empty((await CommandLine.RunAsync(database, "doctor")).Errors);
    }

    [Fact]
    public async Task Where_it_could_not_look_it_ends_with_2_and_says_why()
    {
        var away = await CommandLine.RunAsync("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2", "doctor");
        Assert.Equal((2, ""), (away.ExitCode, away.Output));
        Assert.StartsWith("the database cannot be used", away.Errors, StringComparison.Ordinal);
        var database = await postgres.CreateDatabaseAsync();
        var wrong = await CommandLine.RunAsync(database, new Dictionary<string, string> { ["Outbox__BatchSize"] = "many" }, "doctor");
        Assert.Equal(2, wrong.ExitCode);
    }

    /// <summary>Somebody holds a table: what asks for it is late, and everything else is answered.</summary>
    [Fact]
    public async Task A_check_that_is_kept_waiting_is_found_late_and_keeps_none_of_the_others()
    {
        await using var node = await WebNode.StartAsync(postgres);
        await using var holder = await node.Database.OpenConnectionAsync(Stop);
        await using var held = await holder.BeginTransactionAsync(Stop);
        await using (var hold = new NpgsqlCommand("LOCK TABLE reminders.source IN ACCESS EXCLUSIVE MODE", holder, held))
        {
            await hold.ExecuteNonQueryAsync(Stop);
        }

        var report = (await node.GetAsync("/api/doctor", node.Operator)).Json;
        // The look at the schema has to wait for it too.
        Assert.Equal(
            ["bad schema", "bad updates"],
            report["findings"]!.AsArray().Where(IsLate).Select(late => $"{late!["health"]} {late["about"]}").Order()
        );
        Assert.Equal("good", (string)Finding(report, "reminder_overdue")["health"]!);
        Assert.Equal("good", (string)Finding(report, "kind_unknown")["health"]!);
        await held.RollbackAsync(Stop);
        Assert.DoesNotContain((await node.GetAsync("/api/doctor", node.Operator)).Json["findings"]!.AsArray(), IsLate);

        static bool IsLate(JsonNode? finding) => (string)finding!["code"]! == "check_late";
    }

    private static JsonNode Finding(JsonNode report, string code) =>
        report["findings"]!.AsArray().First(finding => (string)finding!["code"]! == code)!;

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(property => property.Key).Order();
}
