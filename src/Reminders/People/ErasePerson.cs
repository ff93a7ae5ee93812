using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.People;

/// <summary>
/// Forgets a person: name, addresses, texts, inbox, what came in from them, codes and tokens go, and what is not yet sent to
/// them is not sent. Their place in the ledger stays under a keyed hash of the reference, so that what was told once stays
/// told. Asked for again, it takes away what has come since, such as the outcome of a message that was under way.
/// </summary>
/// <param name="Reference">As the caller knows them.</param>
/// <param name="Reason">Why; it is kept, so it should not name them. 1 to 1000 characters.</param>
public sealed record ErasePerson(string Reference, string? Reason) : ICommand<Outcome<PersonErased>>;

/// <param name="Pseudonym">What the ledger calls them from now on, and calls them again if they are erased again.</param>
/// <param name="ErasedAt">When they were first erased.</param>
/// <param name="Cancelled">Notifications taken back before they were sent.</param>
/// <param name="UnderWay">
/// Messages that had begun to leave and cannot be taken back; what becomes of them is written later. Erase again to take that
/// away as well, or leave it to retention.
/// </param>
public sealed record PersonErased(string Pseudonym, DateTimeOffset ErasedAt, int Cancelled, int UnderWay);

internal sealed class ErasePersonHandler(CommandTransaction db, OwnedNames names, Audit audit, Caller caller)
    : IRequestHandler<ErasePerson, Outcome<PersonErased>>
{
    public async Task<Outcome<PersonErased>> Handle(ErasePerson request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Text("reference", request.Reference, 200, required: true);
        errors.Text("reason", request.Reason, 1000, required: true);
        if (errors.All.Count > 0)
        {
            return new Outcome<PersonErased>.Invalid(errors.All);
        }

        var (named, refused) = await names.PersonAsync<PersonErased>(request.Reference, cancellationToken);
        if (refused is Outcome<PersonErased>.Conflict)
        {
            return refused;
        }

        if ((named ?? await ErasedBeforeAsync(request.Reference, cancellationToken)) is not { } id)
        {
            await audit.RefuseAsync("person.erase", Audit.Unknown(request.Reference), Reasons.Of("no_such_person"), cancellationToken);
            return refused!;
        }

        await LockAsync(id, cancellationToken);
        var cancelled = 0;
        foreach (var takeBack in (string[])[ErasureStatements.CancelPlanned, ErasureStatements.CancelUnsent, ErasureStatements.CancelEdits])
        {
            cancelled += await RunAsync(takeBack, cancellationToken, id, caller.Name, ErasureStatements.Reason);
        }

        var underWay = await RunAsync(ErasureStatements.MarkUnderWay, cancellationToken, id);
        foreach (var forget in ErasureStatements.Forget)
        {
            await RunAsync(forget, cancellationToken, id);
        }

        var erased = await EraseAsync(id, cancelled, underWay, cancellationToken);
        await audit.WriteAsync("person.erase", Audit.Person(id), null, erased, request.Reason, cancellationToken);
        return new Outcome<PersonErased>.Done(erased);
    }

    /// <summary>Somebody who was erased is still known by the reference's hash, to whoever knows the reference.</summary>
    private async Task<long?> ErasedBeforeAsync(string reference, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                """
                SELECT r.id FROM (SELECT $2 AS owner UNION SELECT owner FROM reminders.recipient WHERE $3) o
                JOIN reminders.recipient r ON r.identity = reminders.pseudonym(o.owner, $1)
                WHERE r.erased_at IS NOT NULL ORDER BY o.owner <> $2 LIMIT 1
                """
            )
            .With(reference, caller.Owner, caller.SeesAll);
        return await find.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>
    /// Subjects, then the person, then occurrences and messages by the statements that change them: the order of SubjectFence.
    /// Whoever plans, fires or starts something for this person comes before, and is seen, or after, and finds nobody.
    /// </summary>
    private async Task LockAsync(long id, CancellationToken cancellationToken)
    {
        await RunAsync(ErasureStatements.LockSubjects, cancellationToken, id);
        await RunAsync("SELECT FROM reminders.recipient WHERE id = $1 FOR NO KEY UPDATE", cancellationToken, id);
    }

    private async Task<PersonErased> EraseAsync(long id, int cancelled, int underWay, CancellationToken cancellationToken)
    {
        await using var erase = db.Command(ErasureStatements.ErasePerson).With(id);
        await using var reader = await erase.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), cancelled, underWay);
    }

    private async Task<int> RunAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = db.Command(sql).With(values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
