using System.Data;
using Npgsql;

namespace Reminders.Lab.Bench;

/// <summary>What somebody else does meanwhile.</summary>
internal enum Pressure
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A transaction that was begun and forgotten: no dead row that it could see is cleared.</summary>
    Xmin,

    /// <summary>Four readers, each with one snapshot for ten seconds at a time: a report, a backup.</summary>
    Readers,

    /// <summary>Twenty pages of the console are open.</summary>
    Pages,
}

/// <summary>Begins a <see cref="Pressure"/>, and ends it when it is disposed.</summary>
internal sealed class PressureOn : IAsyncDisposable
{
    private const string Read = "SELECT count(*) FROM reminders.outbox";
    private const int PagesOpen = 20;

    private readonly CancellationTokenSource _over = new();
    private readonly OpenPages _pages;
    private readonly Task _all;

    public PressureOn(Pressure pressure, BenchCluster cluster, TimeProvider time)
    {
        _pages = new(cluster, time);
        _all = pressure switch
        {
            Pressure.Xmin => HoldAsync(cluster.Database, Timeout.InfiniteTimeSpan, time),
            Pressure.Readers => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAgainAsync(cluster.Database, time))),
            Pressure.Pages => _pages.LookAsync(PagesOpen, _over.Token),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>How often pages of the console were read.</summary>
    public long PagesRead => _pages.Read;

    private async Task ReadAgainAsync(NpgsqlDataSource database, TimeProvider time)
    {
        while (!_over.IsCancellationRequested)
        {
            await HoldAsync(database, TimeSpan.FromSeconds(10), time);
        }
    }

    private async Task HoldAsync(NpgsqlDataSource database, TimeSpan snapshotFor, TimeProvider time)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, CancellationToken.None);
        await ReadAsync(connection);
        await Task.Delay(snapshotFor, time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ReadAsync(connection);
    }

    private static async Task ReadAsync(NpgsqlConnection connection)
    {
        await using var read = new NpgsqlCommand(Read, connection);
        await read.ExecuteScalarAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _all;
        _over.Dispose();
    }
}
