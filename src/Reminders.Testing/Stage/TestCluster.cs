using Reminders.Testing.Clock;
using Reminders.Testing.Loops;
using Reminders.Testing.Post;

namespace Reminders.Testing.Stage;

/// <summary>
/// What the nodes of one test share: a database, a clock and a post office. Time stands in steps: all nodes do what is due, at
/// once as in a cluster, and only then it moves on, to the next instant that something is due at. Else a message could be in flight
/// for hours, or be past its use before anybody looked.
/// </summary>
internal sealed class TestCluster(TestDatabase database, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<(NodeTurns Turns, IServiceProvider Services)> _nodes = [];
    private InboxLook? _inbox;
    private int _named;

    public TestDatabase Database => database;

    /// <summary>Ends whatever a call waits for.</summary>
    public CancellationToken Cancellation => cancellation;

    public ShiftedClock Clock { get; } = new(database.ConnectionString);

    public PostOffice Post { get; } = new();

    public string NextNodeName() => $"node{Interlocked.Increment(ref _named)}";

    public async Task AddAsync(NodeTurns turns, IServiceProvider services)
    {
        await _turn.WaitAsync();
        _nodes.Add((turns, services));
        _turn.Release();
    }

    /// <returns>Whether others are left.</returns>
    public async Task<bool> RemoveAsync(NodeTurns turns)
    {
        await _turn.WaitAsync();
        _nodes.RemoveAll(node => node.Turns == turns);
        var left = _nodes.Count > 0;
        _turn.Release();
        return left;
    }

    /// <summary>Does everything that is due now.</summary>
    public Task SettleAsync() => InTurnAsync(WorkAsync);

    /// <summary>
    /// Moves time on by so much, from instant to instant, and up to the next whole second: due times are whole seconds, and what
    /// is due an hour from now would else be due a moment after an hour has passed.
    /// </summary>
    public Task AdvanceAsync(TimeSpan by) =>
        InTurnAsync(async () =>
        {
            var until = await Clock.NowAsync(cancellation) + by;
            var rest = until.Ticks % TimeSpan.TicksPerSecond;
            await ToAsync(rest == 0 ? until : until.AddTicks(TimeSpan.TicksPerSecond - rest));
        });

    /// <summary>Moves time on until then.</summary>
    public Task AdvanceToAsync(DateTimeOffset instant) => InTurnAsync(() => ToAsync(instant));

    public async ValueTask DisposeAsync()
    {
        await Clock.DisposeAsync();
        await database.DisposeAsync();
        _turn.Dispose();
    }

    private async Task ToAsync(DateTimeOffset instant)
    {
        var seen = await WorkAsync();
        while (await NextAsync(seen) is { } next && next < instant)
        {
            await Clock.MoveToAsync(next, cancellation);
            seen = await WorkAsync();
        }

        await Clock.MoveToAsync(instant, cancellation);
        await WorkAsync();
    }

    /// <returns>When it began: what was due by then has been looked at.</returns>
    private async Task<DateTimeOffset> WorkAsync()
    {
        var began = await Clock.NowAsync(cancellation);
        await Task.WhenAll(_nodes.Select(node => node.Turns.UntilQuietAsync(cancellation)));
        if (_nodes is [var any, ..])
        {
            await (_inbox ??= new(Post)).LookAsync(any.Services, cancellation);
        }

        return began;
    }

    private async Task<DateTimeOffset?> NextAsync(DateTimeOffset seen)
    {
        DateTimeOffset? next = null;
        foreach (var (turns, _) in _nodes)
        {
            if (await turns.NextAsync(seen, cancellation) is { } at && !(at >= next))
            {
                next = at;
            }
        }

        return next;
    }

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
