using Microsoft.EntityFrameworkCore;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Reads;

namespace Reminders.Lists;

/// <summary>An outbox message in a list.</summary>
/// <param name="State">pending, sending, retry, sent, uncertain, dead or cancelled.</param>
/// <param name="Owner">Whose the subject is; empty for the installation's own.</param>
/// <param name="Attempts">How many tries were spent on it.</param>
public sealed record ListedMessage(
    long Id,
    string State,
    string? Reason,
    string Kind,
    string Channel,
    string Operation,
    int Number,
    string SubjectType,
    string SubjectKey,
    long Version,
    string Owner,
    ListedPerson Recipient,
    int Attempts,
    DateTimeOffset CreatedAt,
    DateTimeOffset DueAt,
    DateTimeOffset UsefulUntil,
    DateTimeOffset? SendStartedAt,
    DateTimeOffset? SettledAt
);

/// <summary>
/// Messages in whatever state, the newest first, by state, kind, channel and recipient, and by when they were written; or by what they are
/// about, whom, and what was said of them (<see cref="MessageSearch"/>).
/// </summary>
internal sealed class MessageList(RemindersDb db, CommandTransaction current, Caller caller)
    : KeysetList<ListedMessage, ListedMessage>(
        db,
        current,
        caller,
        "messages",
        [.. Enum.GetValues<MessageState>().Select(state => state.ToColumn())]
    )
{
    internal override IQueryable<ListedMessage> Query(ListFilter filter)
    {
        var messages = Db.Outbox.AsNoTracking();
        if (filter.Owner is { } owner)
        {
            messages = messages.Where(m => m.Occurrence.Subject.Owner == owner);
        }

        if (filter.State is { } given)
        {
            var state = MessageStates.FromColumn(given);
            messages = messages.Where(m => m.State == state);
            // What is rare is found by the index that holds it, which a parameter does not prove.
            messages = state switch
            {
                MessageState.Pending or MessageState.Retry => messages.Where(m => m.Queue == "due"),
                MessageState.Uncertain => messages.Where(m => m.Queue == "held"),
                MessageState.Sending => messages.Where(m => Db.UnderWay.Any(one => one.Id == m.Id)),
                MessageState.Dead => messages.Where(m => m.DiedAt != null),
                _ => messages,
            };
        }
        if (filter.Kind is { } kind)
        {
            messages = messages.Where(m => m.Kind == kind);
        }

        if (filter.Channel is { } channel)
        {
            messages = messages.Where(m => m.Channel == channel);
        }

        if (filter.Person is { } person)
        {
            messages = messages.Where(m => m.Occurrence.Recipient.Reference == person && m.Occurrence.Recipient.ErasedAt == null);
        }

        if (filter.Since is { } since)
        {
            messages = messages.Where(m => m.CreatedAt >= since);
        }

        if (filter.Until is { } until)
        {
            messages = messages.Where(m => m.CreatedAt < until);
        }

        if (filter.After is { } after)
        {
            var (at, id) = (after.At, after.Id);
            messages = messages.Where(m => EF.Functions.LessThan(ValueTuple.Create(m.CreatedAt, m.Id), ValueTuple.Create(at, id)));
        }
        return Listed(messages.OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(filter.Size + 1));
    }

    protected override async Task<Outcome<ListPage<ListedMessage>>?> SearchAsync(ListFilter filter, CancellationToken cancellationToken)
    {
        if (!MessageSearch.Serves(filter))
        {
            return null;
        }

        var found = await new MessageSearch(Db).FindAsync(filter, cancellationToken);
        if (found.Problem is { } problem)
        {
            return new Outcome<ListPage<ListedMessage>>.Invalid(WrongFields.Of("name", problem));
        }

        var ids = found.Ids;
        var rows = await Listed(Db.Outbox.AsNoTracking().Where(m => ids.Contains(m.Id))).ToDictionaryAsync(m => m.Id, cancellationToken);
        return new Outcome<ListPage<ListedMessage>>.Done(
            new([.. ids.Select(id => rows[id])], found.Next?.Write("messages")) { LookedTo = found.LookedTo },
            Changed: false
        );
    }

    private static IQueryable<ListedMessage> Listed(IQueryable<OutboxRow> messages) =>
        messages.Select(m => new ListedMessage(
            m.Id,
            m.State.ToColumn(),
            m.Reason,
            m.Kind,
            m.Channel,
            m.Operation,
            m.ResendNumber,
            m.Occurrence.Subject.Type,
            m.Occurrence.Subject.Key,
            m.Occurrence.Version,
            m.Occurrence.Subject.Owner,
            new ListedPerson(m.Occurrence.Recipient.Reference, m.Occurrence.Recipient.Name),
            m.AttemptsSpent,
            m.CreatedAt,
            m.DueAt,
            m.UsefulUntil,
            m.SendStartedAt,
            m.SettledAt
        ));

    protected override ListCursor Key(ListedMessage row) => new(row.CreatedAt, row.Id);

    protected override ListedMessage Show(ListedMessage row) => row;
}
