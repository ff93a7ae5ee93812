using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Reminders.Storage;
using Reminders.Telegram;

namespace Reminders.Lab.Bench;

/// <param name="AtOnce">Requests under way together.</param>
internal sealed record ApprovalsSettings(int Count, int AtOnce);

/// <param name="Planned">Bookings that are approved and have their reminder planned, as the database says afterwards.</param>
/// <param name="CpuMsPerThousand">Here is who asks.</param>
internal sealed record ApprovalsResult(
    ApprovalsSettings Settings,
    double PerSecond,
    Latency Wait,
    long Planned,
    CpuPerThousand CpuMsPerThousand,
    PostgresWork Postgres
)
{
    internal bool IsWhole => Planned == Settings.Count;
}

/// <summary>Bookings approved over the API of one node, each by a request and in a transaction of its own.</summary>
internal sealed class ApprovalsBench(BenchCluster cluster, ApprovalsSettings settings, TimeProvider time) : IDisposable
{
    private const int WarmUp = 4000;
    private static readonly TimeSpan Later = TimeSpan.FromDays(30);

    private readonly HttpClient _http = new() { BaseAddress = cluster.Nodes[0].Address };

    /// <summary>What a node has to be set to: one key asks for more than one key may.</summary>
    public static Dictionary<string, string> NodeSettings => new() { ["Api__RequestsPerSecond"] = "0" };

    public async Task<ApprovalsResult> RunAsync(CancellationToken cancellationToken)
    {
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await cluster.CreateKeyAsync(cancellationToken)
        );
        await ApproveAsync(await ProposeAsync("warm-up", WarmUp, cancellationToken), cancellationToken);
        var ids = await ProposeAsync("approvals", settings.Count, cancellationToken);
        var cpu = cluster.CpuMeter();
        var postgres = new StatementMeter(cluster.Database);
        await postgres.StartAsync(cancellationToken);
        cpu.Start();
        var began = time.GetTimestamp();
        var waits = await ApproveAsync(ids, cancellationToken);
        var took = time.GetElapsedTime(began);
        var (used, work) = (cpu.Stop(settings.Count), await postgres.StopAsync(settings.Count, cancellationToken));
        return new(
            settings,
            Math.Round(settings.Count / took.TotalSeconds),
            Latency.Of(waits),
            await PlannedAsync(ids, cancellationToken),
            used,
            work
        );
    }

    private Task<List<Guid>> ProposeAsync(string run, int count, CancellationToken cancellationToken) =>
        BulkBookings.ProposeAsync(cluster.Database, count, time.GetUtcNow() + Later, run, TelegramChannel.Name, cancellationToken);

    private async Task<IReadOnlyCollection<TimeSpan>> ApproveAsync(List<Guid> ids, CancellationToken cancellationToken)
    {
        var waits = new ConcurrentBag<TimeSpan>();
        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = settings.AtOnce, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                var began = time.GetTimestamp();
                using var reply = await _http.PostAsync(new Uri($"/api/bookings/{id}/approve", UriKind.Relative), content: null, token);
                reply.EnsureSuccessStatusCode();
                waits.Add(time.GetElapsedTime(began));
            }
        );
        return waits;
    }

    private async Task<long> PlannedAsync(List<Guid> ids, CancellationToken cancellationToken)
    {
        await using var count = cluster
            .Database.CreateCommand(LabStatement.Named("Bench/Sql/approved-and-planned.sql"))
            .With([ids.Select(id => id.ToString()).ToArray()]);
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    public void Dispose() => _http.Dispose();
}
