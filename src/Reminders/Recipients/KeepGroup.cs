using System.Globalization;
using MediatR;
using Reminders.Bookings;
using Reminders.Storage;

namespace Reminders.Recipients;

/// <summary>Says who belongs to a group: these and nobody else. A group that does not exist yet is made.</summary>
public sealed record KeepGroup(string Name, IReadOnlyList<string>? Members) : ICommand<Outcome<GroupView>>;

/// <param name="Members">References, in order.</param>
public sealed record GroupView(string Name, IReadOnlyList<string> Members);

internal sealed class KeepGroupHandler(RemindersDb db) : IRequestHandler<KeepGroup, Outcome<GroupView>>
{
    private const int Most = 10_000;

    public async Task<Outcome<GroupView>> Handle(KeepGroup request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Line("name", request.Name, 100, required: true);
        if (request.Members is not { Count: <= Most } given)
        {
            errors.Add("members", request.Members is null ? "is required: the references of its members; an empty list empties it." : $"has {request.Members.Count}: at most {Most} are allowed.");
            return new Outcome<GroupView>.Invalid(errors.All);
        }
        for (var i = 0; i < given.Count && !errors.IsFull; i++)
            errors.Line(string.Create(CultureInfo.InvariantCulture, $"members[{i}]"), given[i], 200, required: true);
        if (errors.All.Count > 0)
            return new Outcome<GroupView>.Invalid(errors.All);
        var members = given.Distinct().Order(StringComparer.Ordinal).ToArray();
        foreach (var unknown in await UnknownAsync(members, cancellationToken))
            errors.Add("members", $"has '{FieldErrors.Cut(unknown)}': there is no such recipient.");
        if (errors.All.Count > 0)
            return new Outcome<GroupView>.Invalid(errors.All);

        await using var keep = db.Command("""
            INSERT INTO reminders.recipient_group AS g (name) VALUES ($1)
            ON CONFLICT ON CONSTRAINT recipient_group_name DO UPDATE SET name = excluded.name
            RETURNING id
            """).With(request.Name);
        var id = (long)(await keep.ExecuteScalarAsync(cancellationToken))!;
        await using var replace = db.Command("""
            WITH wanted AS MATERIALIZED (SELECT id FROM reminders.recipient WHERE reference = ANY ($2)),
            gone AS (DELETE FROM reminders.group_member WHERE group_id = $1 AND recipient_id NOT IN (SELECT id FROM wanted))
            INSERT INTO reminders.group_member (group_id, recipient_id) SELECT $1, id FROM wanted ORDER BY id ON CONFLICT DO NOTHING
            """).With(id, members);
        await replace.ExecuteNonQueryAsync(cancellationToken);
        return new Outcome<GroupView>.Done(new(request.Name, members));
    }

    private async Task<string[]> UnknownAsync(string[] members, CancellationToken cancellationToken)
    {
        await using var find = db.Command("""
            SELECT array(SELECT m FROM unnest($1) AS m WHERE NOT EXISTS (SELECT FROM reminders.recipient r WHERE r.reference = m) LIMIT 10)
            """).With((object)members);
        return (string[])(await find.ExecuteScalarAsync(cancellationToken))!;
    }
}
