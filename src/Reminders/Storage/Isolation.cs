using Npgsql;

namespace Reminders.Storage;

/// <summary>
/// Keeps an item that the database refuses (a constraint, a value it cannot hold, somebody's trigger) from the items beside it
/// (rule 18): what is refused together is tried by halves, down to the one that is refused alone.
/// </summary>
internal static class Isolation
{
    /// <summary>
    /// Whether this is the database's answer to what it was asked, and would be its answer again. The others say that the
    /// database is away or busy (08, 53, 57, 58, 55), refuses all writes (25), or chose somebody else this time (40).
    /// </summary>
    public static bool IsRefusal(Exception? exception) => exception switch
    {
        null => false,
        PostgresException answer => !(answer.SqlState is ['0', '8', ..] or ['5', '3' or '7' or '8' or '5', ..] or ['2', '5', ..] or ['4', '0', ..]),
        NpgsqlException => false,
        _ => IsRefusal(exception.InnerException), // EF Core wraps what Npgsql threw
    };

    /// <param name="act">Carried out for all, or for fewer and fewer; each call is a transaction of its own.</param>
    /// <param name="refused">What becomes of an item that is refused alone.</param>
    /// <exception cref="Exception">Whatever <paramref name="act"/> threw that is no refusal: the database went away.</exception>
    public static async Task EachAsync<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, Task> act, Func<T, PostgresException, Task> refused)
    {
        if (items.Count == 0)
            return;
        try
        {
            await act(items);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            if (items.Count == 1)
            {
                await refused(items[0], Answer(exception));
                return;
            }
            var half = items.Count / 2;
            await EachAsync([.. items.Take(half)], act, refused);
            await EachAsync([.. items.Skip(half)], act, refused);
        }
    }

    private static PostgresException Answer(Exception exception) => exception as PostgresException ?? Answer(exception.InnerException!);
}
