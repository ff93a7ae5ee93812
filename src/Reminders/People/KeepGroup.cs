using System.Globalization;
using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.People;

/// <summary>Says who belongs to a group: these and nobody else. A group that does not exist yet is made.</summary>
public sealed record KeepGroup(string Name, IReadOnlyList<string>? Members) : ICommand<Outcome<GroupView>>;

/// <param name="Members">References, in order.</param>
public sealed record GroupView(string Name, IReadOnlyList<string> Members);

internal sealed class KeepGroupHandler(CommandTransaction db, OwnedNames names, Audit audit, Caller caller)
    : IRequestHandler<KeepGroup, Outcome<GroupView>>
{
    private const int Most = 10_000;
    private const int MostNamed = 10;

    public async Task<Outcome<GroupView>> Handle(KeepGroup request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Name("name", request.Name, 100, required: true);
        if (request.Members is not { Count: <= Most } given)
        {
            errors.Add(
                "members",
                request.Members is null
                    ? new Sentence("wrong.required", new Sentence("form.members"))
                    : new("wrong.at_most", request.Members.Count, Most)
            );
            return new Outcome<GroupView>.Invalid(errors.All);
        }
        for (var i = 0; i < given.Count && !errors.IsFull; i++)
        {
            errors.Line(string.Create(CultureInfo.InvariantCulture, $"members[{i}]"), given[i], 200, required: true);
        }

        if (errors.All.Count > 0)
        {
            return new Outcome<GroupView>.Invalid(errors.All);
        }

        var members = given.Distinct().Order(StringComparer.Ordinal).ToArray();
        var found = await names.RecipientsAsync(members, cancellationToken);
        foreach (var unknown in members.Where(member => !found.TryGetValue(member, out var one) || one.Id is null).Take(MostNamed))
        {
            errors.Add(
                "members",
                found.TryGetValue(unknown, out var several)
                    ? new Sentence(
                        "wrong.several_members",
                        FieldErrors.Cut(unknown),
                        Reasons.Meaning(several.Question("several_recipients"))
                    )
                    : new("wrong.no_member", FieldErrors.Cut(unknown))
            );
        }
        if (errors.All.Count > 0)
        {
            return new Outcome<GroupView>.Invalid(errors.All);
        }

        await using var keep = db.Command(
                """
                INSERT INTO reminders.recipient_group AS g (name, owner) VALUES ($1, $2)
                ON CONFLICT ON CONSTRAINT recipient_group_name DO UPDATE SET name = excluded.name
                RETURNING id
                """
            )
            .With(request.Name, caller.Owner);
        var id = (long)(await keep.ExecuteScalarAsync(cancellationToken))!;
        await ReplaceAsync(id, request.Name, [.. members.Select(member => found[member].Id!.Value)], cancellationToken);
        return new Outcome<GroupView>.Done(new(request.Name, members));
    }

    private async Task ReplaceAsync(long id, string name, long[] wanted, CancellationToken cancellationToken)
    {
        await using var replace = db.Command(
                """
                WITH gone AS (
                    DELETE FROM reminders.group_member WHERE group_id = $1 AND recipient_id <> ALL ($2) RETURNING 1),
                added AS (
                    INSERT INTO reminders.group_member (group_id, recipient_id) SELECT $1, id FROM unnest($2) AS id ORDER BY id
                        ON CONFLICT DO NOTHING
                    RETURNING 1)
                SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM added)
                """
            )
            .With(id, wanted);
        long gone,
            added;
        await using (var reader = await replace.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (gone, added) = (reader.GetInt64(0), reader.GetInt64(1));
        }
        if (gone + added > 0)
        {
            await audit.WriteAsync(
                "group.change",
                $"group {caller.Owner}/{name}",
                null,
                new
                {
                    added,
                    removed = gone,
                    members = wanted.Length,
                },
                null,
                cancellationToken
            );
        }
    }
}
