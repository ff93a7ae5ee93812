using System.Collections.Concurrent;

namespace Reminders.Lab.Chaos.Faults;

/// <summary>One fault as it was done.</summary>
/// <param name="Kind">What <c>--only</c> calls it.</param>
/// <param name="Node">The node it hit; null when it hit all of them.</param>
/// <param name="End">When things were as before again; for a SIGKILL the instant itself.</param>
internal sealed record FaultEntry(string Kind, string? Node, DateTimeOffset Begin, DateTimeOffset End, string Detail);

/// <summary>What the driver did, for the checker to hold doubts against.</summary>
internal sealed class FaultLog(TimeProvider time, Action<string> say)
{
    private readonly ConcurrentQueue<FaultEntry> _entries = new();

    public IReadOnlyList<FaultEntry> Entries => [.. _entries];

    /// <summary>Does the fault and writes down when it began and ended, even when it failed half-way.</summary>
    public async Task DuringAsync(string kind, string? node, string detail, Func<Task> fault)
    {
        var begin = time.GetUtcNow();
        say($"{kind} {node ?? "all"}: {detail}");
        try
        {
            await fault();
        }
        finally
        {
            _entries.Enqueue(new(kind, node, begin, time.GetUtcNow(), detail));
        }
    }
}
