using System.Globalization;
using MediatR;
using Npgsql;
using NpgsqlTypes;
using Reminders.Commands;
using Reminders.People;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Apps;

/// <summary>
/// Brings a subject of the app's in line with what the app says of it, and plans what its status calls for. Said again, from
/// anywhere and any number of times, it changes nothing.
/// </summary>
public sealed record ApplySubject(Subject? Subject) : ICommand<Outcome<SubjectApplied>>;

internal sealed class ApplySubjectHandler(CommandTransaction db, IMediator mediator, SubjectChanges changes, Caller caller)
    : IRequestHandler<ApplySubject, Outcome<SubjectApplied>>
{
    public async Task<Outcome<SubjectApplied>> Handle(ApplySubject request, CancellationToken cancellationToken)
    {
        var errors = SubjectRules.Check(request.Subject);
        var data = SubjectRules.Data(request.Subject?.Data, errors);
        if (errors.All.Count > 0)
        {
            return new Outcome<SubjectApplied>.Invalid(errors.All);
        }

        var subject = request.Subject! with { Key = request.Subject.Key!.Trim(), Status = request.Subject.Status!.Trim() };
        if (await KeepPeopleAsync(subject, cancellationToken) is { } wrong)
        {
            return new Outcome<SubjectApplied>.Invalid(wrong);
        }

        if (await UnknownAsync(subject, cancellationToken) is { Count: > 0 } unknown)
        {
            return new Outcome<SubjectApplied>.Invalid(unknown);
        }

        var id = await AddOrLockAsync(subject, cancellationToken);
        var applied = await ApplyAsync(id, subject, data, cancellationToken);
        // Where the answer has moved it on and the app says nothing new, there is nothing to plan.
        var plan = await changes.ApplyAsync(id, applied.Status == subject.Status ? subject.Status : null, caller.Name, cancellationToken);
        return new Outcome<SubjectApplied>.Done(
            new(subject.Type!, subject.Key!, applied.Version, applied.Status, applied.Changed, plan.Planned, plan.Suppressed),
            applied.Changed
        );
    }

    /// <returns>What is wrong with the people; null where nothing is.</returns>
    private async Task<IReadOnlyDictionary<string, string[]>?> KeepPeopleAsync(Subject subject, CancellationToken cancellationToken)
    {
        // Who has two parts in it is one person. Who is named by reference alone is known already.
        RecipientDraft[] people =
        [
            .. (subject.Parties ?? []).Select(party => party.Person!).Where(person => person.Name is not null).DistinctBy(Reference),
        ];
        return people.Length == 0 ? null
            : await mediator.Send(new KeepRecipients(people), cancellationToken) is Outcome<RecipientsKept>.Invalid wrong ? wrong.Errors
            : null;
    }

    /// <summary>Those who are named by reference alone, and are nobody.</summary>
    private async Task<WrongFields> UnknownAsync(Subject subject, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var byReference = (subject.Parties ?? []).Select((party, i) => (Reference: Reference(party.Person!), party.Person!.Name, At: i));
        var named = byReference.Where(one => one.Name is null).ToArray();
        if (named.Length == 0)
        {
            return errors.All;
        }

        await using var find = db.Command(
                """
                SELECT reference FROM reminders.recipient WHERE owner = $1 AND reference = ANY ($2) AND erased_at IS NULL FOR KEY SHARE
                """
            )
            .With(caller.Owner, named.Select(one => one.Reference ?? "").ToArray());
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                known.Add(reader.GetString(0));
            }
        }

        foreach (var one in named.Where(one => !known.Contains(one.Reference ?? "")))
        {
            errors.Add(
                string.Create(CultureInfo.InvariantCulture, $"parties[{one.At}].person.reference"),
                "wrong.nobody_known",
                FieldErrors.Cut(one.Reference ?? "")
            );
        }

        return errors.All;
    }

    /// <summary>Its row, new or known, locked for the rest of the transaction: changes of one subject come one after another.</summary>
    private async Task<long> AddOrLockAsync(Subject subject, CancellationToken cancellationToken)
    {
        await using (
            var insert = db.Command(
                    """
                    INSERT INTO reminders.subject (type, key, owner, status, happens_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT ON CONSTRAINT subject_identity DO NOTHING RETURNING id
                    """
                )
                .With(subject.Type!, subject.Key!, caller.Owner, subject.Status!, subject.HappensAt?.ToUniversalTime(), caller.Name)
        )
        {
            if (await insert.ExecuteScalarAsync(cancellationToken) is long id)
            {
                return id;
            }
        }

        await using var find = db.Command("SELECT id FROM reminders.subject WHERE type = $1 AND key = $2 AND owner = $3 FOR NO KEY UPDATE")
            .With(subject.Type!, subject.Key!, caller.Owner);
        return (long)(await find.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<(long Version, string Status, bool Changed)> ApplyAsync(
        long id,
        Subject subject,
        string? data,
        CancellationToken cancellationToken
    )
    {
        await using var apply = db.Command(Statement.Named("Apps/Sql/apply-subject.sql"))
            .With(id, subject.Status!, subject.HappensAt?.ToUniversalTime(), data);
        var parties = subject.Parties;
        Add(apply, parties?.Select(party => party.Role!.Trim()).ToArray());
        Add(apply, parties?.Select(party => Reference(party.Person!)).ToArray());
        apply.With(caller.Owner);
        await using var reader = await apply.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2));
    }

    private static string? Reference(RecipientDraft person) => person.Reference?.Trim();

    private static void Add(NpgsqlCommand command, string?[]? values) =>
        command.Parameters.Add(new() { Value = values ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
}
