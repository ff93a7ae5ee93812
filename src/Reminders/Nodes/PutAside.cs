using System.Collections.Concurrent;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// Rows that this node could not work on, each left alone for a while that doubles: the loop goes on with the others, and
/// whatever stood in the way may be gone by then. In memory, for what cannot be written is not to be noted in its row either;
/// <see cref="PutAsides"/> shows it.
/// </summary>
internal sealed class PutAside(TimeProvider time, Action refusedOnce)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // The next try comes soon after, and may be refused as well: shown meanwhile, or the finding would flicker.
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, Row> _rows = new();

    /// <summary>The rows to be left alone just now.</summary>
    public long[] Now =>
        _rows.IsEmpty ? [] : [.. _rows.Where(row => time.GetElapsedTime(row.Value.Since) < row.Value.Alone).Select(row => row.Key)];

    /// <summary>How many are left alone, or were until a moment ago, and what the database says of the last of them.</summary>
    public (int Count, string Why) Look()
    {
        if (_rows.IsEmpty)
        {
            return (0, "");
        }

        var shown = _rows.Values.Where(row => time.GetElapsedTime(row.Since) < row.Alone + Shown).ToArray();
        return (shown.Length, shown.Length == 0 ? "" : shown.MaxBy(row => row.Since).Why);
    }

    /// <summary>Works on all rows but those left alone. Should the database refuse one of them, then around that one, which is left alone
    /// from now on.</summary>
    /// <param name="act">Given the rows to keep to; null for all but <see cref="Now"/>.</param>
    /// <param name="rows">Which rows that would be; asked only after a refusal.</param>
    /// <param name="refused">Told of the row, for how long it is left alone, and why.</param>
    public async Task AroundAsync(Func<long[]?, Task> act, Func<Task<long[]>> rows, Action<long, TimeSpan, PostgresException> refused)
    {
        try
        {
            await act(null);
        }
        catch (Exception exception) when (Isolation.IsRefusal(exception))
        {
            await Isolation.EachAsync(
                await rows(),
                some => act([.. some]),
                (id, refusal) =>
                {
                    refused(id, Add(id, refusal), refusal);
                    return Task.CompletedTask;
                }
            );
        }
    }

    /// <returns>For how long it is left alone now.</returns>
    public TimeSpan Add(long id, PostgresException refusal)
    {
        refusedOnce();
        // What was long over is a row that works again, or has gone.
        foreach (var row in _rows.Where(row => time.GetElapsedTime(row.Value.Since) > row.Value.Alone + Longest))
        {
            _rows.TryRemove(row);
        }

        var why = $"SQLSTATE {refusal.SqlState}";
        return _rows
            .AddOrUpdate(
                id,
                _ => new(time.GetTimestamp(), First, why),
                (_, before) => new(time.GetTimestamp(), before.Alone * 2 < Longest ? before.Alone * 2 : Longest, why)
            )
            .Alone;
    }

    private readonly record struct Row(long Since, TimeSpan Alone, string Why);
}
