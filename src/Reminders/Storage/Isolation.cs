using Npgsql;

namespace Reminders.Storage;

/// <summary>
/// Keeps an item that the database refuses (a constraint, a value it cannot hold, somebody's trigger) from the items beside it
/// (rule 18): what is refused together is tried by halves, down to the one that is refused alone.
/// </summary>
internal static class Isolation
{
    /// <summary>Whether this is the database's answer to what it was asked, and would be its answer again.</summary>
    public static bool IsRefusal(Exception? exception) => Faults.Of(exception) == Fault.Refusal;

    /// <param name="act">Carried out for all, or for fewer and fewer; each call is a transaction of its own.</param>
    /// <param name="refused">What becomes of an item that is refused alone.</param>
    /// <exception cref="Exception">Whatever <paramref name="act"/> threw that is no refusal: the database went away.</exception>
    public static async Task EachAsync<T>(
        IReadOnlyList<T> items,
        Func<IReadOnlyList<T>, Task> act,
        Func<T, PostgresException, Task> refused
    )
    {
        if (items.Count == 0)
        {
            return;
        }

        try
        {
            await act(items);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            if (items.Count == 1)
            {
                await refused(items[0], Faults.Answer(exception)!);
                return;
            }
            var half = items.Count / 2;
            await EachAsync([.. items.Take(half)], act, refused);
            await EachAsync([.. items.Skip(half)], act, refused);
        }
    }
}
