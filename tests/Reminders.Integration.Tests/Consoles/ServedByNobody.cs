using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>
/// A channel that messages wait for and no running node has is said to be so, with how many and since when, and what to do.
/// </summary>
public sealed class ServedByNobody(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    [Fact]
    public async Task The_overview_the_cluster_and_doctor_say_so_in_both_languages_until_a_node_has_it()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-nobody");
        using var ольга = await nodes.SignInAsync(ConsoleRole.Operator, "olga-nikto", language: "ru");
        await olga.GoAsync("/console/overview");
        Assert.DoesNotContain("nobody sends it", olga.Text, StringComparison.Ordinal);
        // No more than what it has: a channel it could have is served by nobody.
        Assert.Equal(
            ["telegram"],
            await nodes.First.ScalarAsync<string[]>("SELECT serves FROM reminders.node WHERE serves IS NOT NULL ORDER BY name LIMIT 1")
        );

        await WaitForAsync("pigeon", 2);
        const string Says = "pigeon: nobody sends it, since no node that runs has this channel; 2 messages wait, the first due at ";
        const string Говорит =
            "pigeon: отправлять некому, этого канала нет ни у одного работающего узла; ждут 2 сообщения, срок первого — ";
        foreach (var path in (string[])["/console/overview", "/console/cluster"])
        {
            await olga.GoAsync(path);
            Assert.Contains(Says, olga.Text, StringComparison.Ordinal);
            Assert.Contains("Give a node its token or password, or start one that has it.", olga.Text, StringComparison.Ordinal);
            await ольга.GoAsync(path);
            Assert.Contains(Говорит, ольга.Text, StringComparison.Ordinal);
            Assert.Contains("Дайте узлу токен или пароль или запустите узел, у которого они есть.", ольга.Text, StringComparison.Ordinal);
        }

        Assert.StartsWith(Says, await FoundAsync(null), StringComparison.Ordinal);
        Assert.StartsWith(Говорит, await FoundAsync("ru"), StringComparison.Ordinal);

        // A node that has it, and one of a build that does not say.
        foreach (var serves in (string[])["'{pigeon}'", "NULL"])
        {
            await nodes.First.ScalarAsync<string>(
                $"""
                INSERT INTO reminders.node (name, version, seen_at, serves)
                VALUES ('another', 'x', clock_timestamp() + interval '1 hour', {serves}) RETURNING name
                """
            );
            await olga.GoAsync("/console/overview");
            Assert.DoesNotContain("nobody sends it", olga.Text, StringComparison.Ordinal);
            await nodes.First.ScalarAsync<string>("DELETE FROM reminders.node WHERE name = 'another' RETURNING name");
        }

        await olga.GoAsync("/console/overview");
        Assert.Contains(Says, olga.Text, StringComparison.Ordinal);
    }

    /// <summary>What doctor says of it to whoever reads that language.</summary>
    private async Task<string> FoundAsync(string? language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/doctor");
        request.Headers.Authorization = new("Bearer", nodes.First.Operator);
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        var found = (await nodes.First.SendAsync(request)).Json;
        return Findings(found).Single(finding => finding.ToJsonString().Contains("channel_unserved", StringComparison.Ordinal))[
            "says"
        ]!.ToString();
    }

    private static IEnumerable<JsonNode> Findings(JsonNode report) => report["findings"]!.AsArray().Select(finding => finding!);

    private async Task WaitForAsync(string channel, int count)
    {
        for (var n = 0; n < count; n++)
        {
            var reply = await nodes.First.PostAsync("/api/bookings", WebNode.Booking($"Anna {n}", 7100 + n, TimeSpan.FromHours(4)));
            Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{(string)reply.Json["id"]!}/approve")).Status);
        }

        Assert.Equal(
            count,
            await nodes.First.ScalarAsync<long>(
                """
                WITH fired AS (
                    UPDATE reminders.occurrence SET state = 'fired', fired_at = now(), fired_by = 'test'
                    WHERE kind = 'CONFIRM_2H' AND state = 'planned' RETURNING *),
                written AS (
                    INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
                    SELECT id, kind, recipient_id, $1, 'send', 'pending', now(), useful_until FROM fired RETURNING id)
                SELECT count(*) FROM written
                """,
                channel
            )
        );
    }
}
