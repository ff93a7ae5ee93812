using System.Collections.Concurrent;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// Rows that this node could not work on, each left alone for a while that doubles: the loop goes on with the others, and
/// whatever stood in the way may be gone by then. In memory, for what cannot be written is not to be noted in its row either.
/// </summary>
internal sealed class PutAside(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<long, (long Since, TimeSpan Alone)> rows = new();

    /// <summary>The rows to be left alone just now.</summary>
    public long[] Now => rows.IsEmpty ? [] : [.. rows.Where(row => time.GetElapsedTime(row.Value.Since) < row.Value.Alone).Select(row => row.Key)];

    /// <summary>Works on all rows but those left alone. Should the database refuse one of them, then around that one, which is left alone from now on.</summary>
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
                await rows(), some => act([.. some]),
                (id, refusal) =>
                {
                    refused(id, Add(id), refusal);
                    return Task.CompletedTask;
                });
        }
    }

    /// <returns>For how long it is left alone now.</returns>
    public TimeSpan Add(long id)
    {
        // What was long over is a row that works again, or has gone.
        foreach (var row in rows.Where(row => time.GetElapsedTime(row.Value.Since) > row.Value.Alone + Longest))
            rows.TryRemove(row);
        return rows.AddOrUpdate(
            id, _ => (time.GetTimestamp(), First),
            (_, before) => (time.GetTimestamp(), before.Alone * 2 < Longest ? before.Alone * 2 : Longest)).Alone;
    }
}
