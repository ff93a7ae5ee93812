using Microsoft.EntityFrameworkCore;
using Reminders.Commands;
using Reminders.Reads;

namespace Reminders.Lists;

/// <summary>
/// Reads a list page by page: a filter becomes a condition of the one query, a page begins after the key of the last row of the
/// one before, and the key leads with a time. A page far down costs what the first costs, and rows that are added meanwhile
/// move none.
/// </summary>
/// <param name="name">Stands in the cursors, so that another list's is refused.</param>
/// <param name="states">The states that may be asked for.</param>
internal abstract class KeysetList<TRow, TItem>(
    RemindersDb db,
    CommandTransaction current,
    Caller caller,
    string name,
    IReadOnlyList<string> states
)
{
    protected RemindersDb Db => db;

    /// <returns>Done, or Invalid with each field that cannot be read.</returns>
    public async Task<Outcome<ListPage<TItem>>> ReadAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var filter = ListFilter.Read(request, name, states, caller, errors);
        if (errors.Count > 0)
        {
            return new Outcome<ListPage<TItem>>.Invalid(errors.All);
        }

        await using var snapshot = await db.SnapshotAsync(current, cancellationToken);
        // Sessions plan once for any value (SessionSettings); which index serves a list is a question of the very values. The newest
        // rows are in memory: by the default cost of a random page, an owner of little is found by reading a whole table through.
        await using (var plan = db.Names.Command(PlanForValues, db.Connection()))
        {
            await plan.ExecuteNonQueryAsync(cancellationToken);
        }

        if (await SearchAsync(filter, cancellationToken) is { } found)
        {
            return found;
        }

        var rows = await Query(filter).ToListAsync(cancellationToken);
        var more = rows.Count > filter.Size;
        return new Outcome<ListPage<TItem>>.Done(
            new([.. rows.Take(filter.Size).Select(Show)], more ? Key(rows[filter.Size - 1]).Write(name) : null),
            Changed: false
        );
    }

    internal const string PlanForValues = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL random_page_cost = 1.1";

    /// <summary>Ordered, and one row more than the page has: it says whether there is another.</summary>
    internal abstract IQueryable<TRow> Query(ListFilter filter);

    /// <summary>Answers what the one query would look for in vain through all there is.</summary>
    /// <returns>Null where the query is as good.</returns>
    protected virtual Task<Outcome<ListPage<TItem>>?> SearchAsync(ListFilter filter, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<ListPage<TItem>>?>(null);

    protected abstract ListCursor Key(TRow row);

    protected abstract TItem Show(TRow row);
}
