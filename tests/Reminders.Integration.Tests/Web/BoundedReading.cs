using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>What a caller asks to see is bounded, in rows and in time.</summary>
public sealed class BoundedReading(Postgres postgres)
{
    private const string Big = """
        WITH s AS (INSERT INTO reminders.subject (type, key, status, created_by, owner)
            VALUES ('ticket', 'big', 'open', 'test', 'booking-app') RETURNING id),
        r AS (INSERT INTO reminders.recipient (reference, name, locale, zone, owner) SELECT 'r' || n, 'R', 'en', 'UTC', 'booking-app'
            FROM generate_series(1, 250) n RETURNING id),
        o AS (INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
            planned_by, fired_at)
              SELECT 'TICKET_COMMENT', s.id, 1, r.id, 'fired', '{open}', '', now(), now(), 'test', now() FROM s, r
                  RETURNING id, recipient_id),
        m AS (INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, number, state, reason, due_at,
            useful_until, settled_at)
              SELECT o.id, 'TICKET_COMMENT', o.recipient_id, 'email', 'send', n, 'dead', 'x', now(), now(), now()
              FROM (SELECT * FROM o ORDER BY id LIMIT 1) o, generate_series(0, 249) n RETURNING id)
        SELECT count(*) FROM m
        """;

    [Fact]
    public async Task A_story_of_many_is_told_a_hundred_at_a_time_and_says_how_many_follow()
    {
        await using var node = await WebNode.StartAsync(postgres);
        Assert.Equal(250L, await node.ScalarAsync<long>(Big));
        const string Path = "/api/notifications/explain?type=ticket&subject=big";
        var (seen, more, after) = (new List<long>(), new List<int>(), "");
        do
        {
            var page = (await node.GetAsync(Path + after)).Json;
            var reminders = page["reminders"]!.AsArray();
            Assert.InRange(reminders.Count, 1, 100);
            Assert.All(reminders, reminder => Assert.InRange(reminder!["events"]!.AsArray().Count, 1, 1000));
            seen.AddRange(reminders.Select(reminder => (long)reminder!["id"]!));
            more.Add((int)page["more"]!);
            after = page["next"] is JsonValue next ? $"&after={next}" : "";
        } while (after.Length > 0 && more.Count < 10);
        Assert.Equal([150, 50, 0], more);
        Assert.Equal(250, seen.Distinct().Count());
        Assert.Equal(["after"], (await node.GetAsync(Path + "&after=x")).WrongFields());

        var told = await CommandLine.RunAsync(node.ConnectionString, "explain", "ticket", "big", "--owner", "booking-app");
        Assert.Contains("150 more follow: explain … --after ", told.Output, StringComparison.Ordinal);
        var last = await CommandLine.RunAsync(
            node.ConnectionString,
            "explain",
            "ticket",
            "big",
            "--owner",
            "booking-app",
            "--after",
            $"{seen[199]}"
        );
        Assert.DoesNotContain("more follow", last.Output, StringComparison.Ordinal);
        Assert.Equal(50, last.Output.Split('\n').Count(line => line.StartsWith("TICKET_COMMENT to", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Whatever_is_read_ends_in_time_in_the_database_itself_and_forgetting_a_person_does_not()
    {
        await using var node = await WebNode.StartAsync(postgres, null, ("Api:ReadTime", "00:00:00.3"), ("Api:Patience", "00:00:20"));
        await node.SendAsync(HttpMethod.Put, "/api/recipients", """{"recipients":[{"reference":"reader","name":"Reader"}]}""");
        var token = (string)(await node.PostAsync("/api/tokens", """{"recipient":"reader"}""")).Json["token"]!;
        var booking = await node.BookAsync();
        await using var holder = await node.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (
            var hold = new NpgsqlCommand(
                """
                LOCK TABLE reminders.occurrence, reminders.address, reminders.audit, reminders.outbox, reminders.inbox_item, reminders.channel, reminders.subject,
                    reminders.text_version
                """,
                holder,
                transaction
            )
        )
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var gets = (
            from endpoint in node.Engine.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            where
                pattern.StartsWith("/api/", StringComparison.Ordinal)
                && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true
                // It has bounds of its own, and says which of its looks met them (DoctorAsked).
                && pattern != "/api/doctor"
            select pattern
                .Replace("{id}", booking, StringComparison.Ordinal)
                .Replace("{reference}", "reader", StringComparison.Ordinal)
                .Replace("{name}", "CONFIRM_2H", StringComparison.Ordinal)
        ).ToArray();
        Assert.True(gets.Length > 8, $"only {gets.Length}");
        foreach (var path in gets)
        {
            var asked =
                path == "/api/notifications/explain" ? path + "?type=cart&subject=c"
                : path.EndsWith("/texts/history", StringComparison.Ordinal) ? path + "?locale=en"
                : path;
            var reply = await node.GetAsync(asked, node.Operator);
            if (reply.Status == 401)
            {
                reply = await node.GetAsync(asked, token);
            }

            Assert.True(reply.Status == 503, $"{path}: {reply.Status} {reply.Text}");
            Assert.Contains("Api:ReadTime", (string)reply.Problem(503)["detail"]!, StringComparison.Ordinal);
        }

        // Who asks can bring this about as often as they like: it is no error in the log.
        Assert.DoesNotContain(node.Log.Lines, line => line.Contains("57014", StringComparison.Ordinal));

        var erasing = node.PostAsync("/api/recipients/reader/erase", """{"reason":"asked for it"}""");
        await Eventually.TrueAsync(
            () =>
                node.ScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND now() - xact_start > "
                        + "interval '1 second' AND datname = current_database())"
                ),
            TimeSpan.FromSeconds(30),
            "the erasure waits longer than a read may"
        );
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await erasing).Status);
    }
}
