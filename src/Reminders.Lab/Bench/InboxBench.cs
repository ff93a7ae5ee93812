using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Npgsql;
using Reminders.Inbox;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <param name="InsertedPerSecond">Set-based, a hundred people at a time, occurrences included.</param>
/// <param name="MarkAll">Of half of an inbox each.</param>
/// <param name="Plans">Where each statement reads, as EXPLAIN says.</param>
internal sealed record InboxResult(
    InboxSettings Settings,
    double InsertedPerSecond,
    Latency List,
    Latency ListUnreadOfType,
    Latency ListOfTicket,
    Latency UnreadCount,
    Latency MarkAsRead,
    Latency MarkAll,
    IReadOnlyDictionary<string, string[]> Plans
);

internal sealed record InboxSettings(int Users, int Each, int Requests);

/// <summary>Full inboxes, read one request after the other over the API of a node.</summary>
internal sealed partial class InboxBench(BenchCluster cluster, InboxSettings settings, TimeProvider time)
{
    private const int WarmUp = 200;

    private readonly HttpClient _http = new() { BaseAddress = cluster.Nodes[0].Address };
    private IReadOnlyList<InboxOwner> _owners = [];

    public async Task<InboxResult> RunAsync(CancellationToken cancellationToken)
    {
        var perSecond = await FillAsync(cancellationToken);
        var unread = await UnreadAsync(cancellationToken);
        return new(
            settings,
            Math.Round(perSecond),
            await MeasureAsync("GET", _ => "/api/notifications/", settings.Requests, cancellationToken),
            await MeasureAsync(
                "GET",
                _ => "/api/notifications/?is_read=false&notification_type=NO_ANSWER_1H",
                settings.Requests,
                cancellationToken
            ),
            await MeasureAsync("GET", n => $"/api/notifications/?ticket=T-{n % settings.Each + 1}", settings.Requests, cancellationToken),
            await MeasureAsync("GET", _ => "/api/notifications/unread_count/", settings.Requests, cancellationToken),
            await MeasureAsync("POST", n => $"/api/notifications/{unread[n]}/mark_as_read/", settings.Requests, cancellationToken),
            await MeasureAsync(
                "POST",
                _ => "/api/notifications/mark_all_as_read/",
                Math.Min(settings.Users, settings.Requests),
                cancellationToken,
                warmUp: 0
            ),
            await PlansAsync(cancellationToken)
        );
    }

    private async Task<double> FillAsync(CancellationToken cancellationToken)
    {
        var inboxes = new BenchInboxes(cluster.Database);
        _owners = await inboxes.CreateOwnersAsync(settings.Users, cancellationToken);
        await inboxes.CreateTicketsAsync(settings.Each, cancellationToken);
        await using var connection = await cluster.Database.OpenConnectionAsync(cancellationToken);
        var began = time.GetTimestamp();
        foreach (var some in _owners.Chunk(100))
        {
            await using var write = BenchInboxes.Write(connection, some, 1, settings.Each);
            await write.ExecuteNonQueryAsync(cancellationToken);
        }
        var perSecond = (double)settings.Users * settings.Each / time.GetElapsedTime(began).TotalSeconds;
        await RunAsync($"UPDATE reminders.inbox_item SET read_at = now() WHERE seq <= {settings.Each / 2}", cancellationToken);
        // As autovacuum leaves them some minutes later.
        foreach (var table in (string[])["inbox_item", "inbox", "recipient", "access_token"])
        {
            await RunAsync($"VACUUM ANALYZE reminders.{table}", cancellationToken);
        }

        return perSecond;
    }

    /// <summary>One of each person in turn, as the requests are.</summary>
    private async Task<List<long>> UnreadAsync(CancellationToken cancellationToken)
    {
        await using var command = cluster
            .Database.CreateCommand(
                """
                SELECT id FROM reminders.inbox_item WHERE read_at IS NULL ORDER BY seq, recipient_id LIMIT $1
                """
            )
            .With(WarmUp + settings.Requests);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }

    private async Task<Latency> MeasureAsync(
        string method,
        Func<int, string> path,
        int requests,
        CancellationToken cancellationToken,
        int warmUp = WarmUp
    )
    {
        var samples = new List<TimeSpan>(requests);
        for (var n = 0; n < warmUp + requests; n++)
        {
            using var request = new HttpRequestMessage(new(method), path(n));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _owners[n % _owners.Count].Token);
            var began = time.GetTimestamp();
            using var response = await _http.SendAsync(request, cancellationToken);
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            response.EnsureSuccessStatusCode();
            if (n >= warmUp)
            {
                samples.Add(time.GetElapsedTime(began));
            }
        }
        return Latency.Of(samples);
    }

    private async Task<IReadOnlyDictionary<string, string[]>> PlansAsync(CancellationToken cancellationToken)
    {
        var someone = _owners[^1].Id;
        return new Dictionary<string, string[]>
        {
            ["list"] = await PlanAsync(new InboxFilter(), someone, cancellationToken),
            ["list_unread_of_type"] = await PlanAsync(new InboxFilter(false, "NO_ANSWER_1H"), someone, cancellationToken),
            ["list_of_ticket"] = await PlanAsync(new InboxFilter(Ticket: "T-7"), someone, cancellationToken),
            ["unread_count"] = await PlanAsync(InboxReader.CountUnread, $"{someone}", cancellationToken),
            ["mark_all"] = await PlanAsync(MarkAllReadHandler.Mark, $"{someone}", cancellationToken),
            ["push"] = await PlanAsync(InboxFeed.After, $"ARRAY[{someone}], ARRAY[0]", cancellationToken),
        };
    }

    private Task<string[]> PlanAsync(InboxFilter filter, long someone, CancellationToken cancellationToken)
    {
        var (statement, values) = InboxListStatement.For(someone, filter, InboxPlace.Page(1));
        return PlanAsync(
            statement,
            string.Join(", ", values.Select(value => value is string text ? $"'{text}'" : $"{value}")),
            cancellationToken
        );
    }

    // Prepared and generic, as the nodes run them.
    private async Task<string[]> PlanAsync(string sql, string values, CancellationToken cancellationToken)
    {
        await using var connection = await cluster.Database.OpenConnectionAsync(cancellationToken);
        await using (var prepare = new NpgsqlCommand($"SET plan_cache_mode = force_generic_plan; PREPARE asked AS {sql}", connection))
        {
            await prepare.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var explain = new NpgsqlCommand($"EXPLAIN (COSTS OFF) EXECUTE asked ({values})", connection);
        await using var reader = await explain.ExecuteReaderAsync(cancellationToken);
        var scans = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Scan().Match(reader.GetString(0)) is { Success: true } scan)
            {
                scans.Add(scan.Value);
            }
        }
        return [.. scans.Distinct()];
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = cluster.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [GeneratedRegex(@"(Index Only|Index|Seq|Bitmap Heap|Bitmap Index) Scan.*")]
    private static partial Regex Scan();
}
