using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Commands;

/// <summary>What a name stands for, to the current caller.</summary>
/// <param name="Id">The row's; null when there is none that the caller may know of.</param>
/// <param name="Owner">Whose it is, or would be: the namespace to write in.</param>
/// <param name="Others">
/// The owners who have one each of that name, where the caller sees all of them and has none of their own: nobody can say
/// which is meant.
/// </param>
internal readonly record struct NameFound(long? Id, string Owner, IReadOnlyList<string>? Others = null)
{
    public bool IsAmbiguous => Others is not null;

    /// <summary>For whoever has to say more, as <see cref="Reasons"/> has it.</summary>
    /// <param name="type">A subject's, where it is one.</param>
    public string Question(string code, string? type = null)
    {
        var owners = string.Join(", ", Others!.Where(owner => owner.Length > 0));
        var also = Others!.Contains("") ? "installation" : "nobody";
        return type is null ? Reasons.Of(code, also, owners) : Reasons.Of(code, type, also, owners);
    }
}

/// <summary>
/// Finds people, groups and subjects by their names, each of which is its owner's own. A caller who sees all finds their own
/// first, then the only one there is of that name; anybody else finds their own, by the same statement and in the same time.
/// </summary>
internal sealed class OwnedNames(CommandTransaction db, Caller caller)
{
    public Task<NameFound> RecipientAsync(string reference, CancellationToken cancellationToken) =>
        FindAsync(
            """
            SELECT id, owner FROM reminders.recipient
            WHERE reference = $1 AND (owner = $2 OR $3) AND erased_at IS NULL ORDER BY owner <> $2, owner LIMIT 10
            """,
            reference,
            null,
            cancellationToken
        );

    public Task<NameFound> GroupAsync(string name, CancellationToken cancellationToken) =>
        FindAsync(
            """
            SELECT id, owner FROM reminders.recipient_group WHERE name = $1 AND (owner = $2 OR $3) ORDER BY owner <> $2, owner LIMIT 10
            """,
            name,
            null,
            cancellationToken
        );

    public Task<NameFound> SubjectAsync(string type, string key, CancellationToken cancellationToken) =>
        FindAsync(
            """
            SELECT id, owner FROM reminders.subject s
            WHERE key = $1 AND (owner = $2 OR $3) AND type = $4 AND reminders.recruited_by(s, $5) ORDER BY owner <> $2, owner LIMIT 10
            """,
            key,
            type,
            cancellationToken
        );

    /// <summary>The same for many people at once. Those that are not among them are nobody.</summary>
    public async Task<Dictionary<string, NameFound>> RecipientsAsync(
        IReadOnlyCollection<string> references,
        CancellationToken cancellationToken
    )
    {
        await using var find = db.Command(
                """
                SELECT reference, id, owner FROM reminders.recipient
                WHERE reference = ANY ($1) AND (owner = $2 OR $3) AND erased_at IS NULL ORDER BY owner <> $2, owner
                """
            )
            .With(references.ToArray(), caller.Owner, caller.SeesAll);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, NameFound>(references.Count, StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (reference, one) = (reader.GetString(0), new NameFound(reader.GetInt64(1), reader.GetString(2)));
            if (!found.TryAdd(reference, one) && found[reference] is var first && first.Owner != caller.Owner)
            {
                found[reference] = first with { Id = null, Others = [.. first.Others ?? [first.Owner], one.Owner] };
            }
        }
        return found;
    }

    private async Task<NameFound> FindAsync(string sql, string name, string? type, CancellationToken cancellationToken)
    {
        await using var find = db.Command(sql).With(name, caller.Owner, caller.SeesAll);
        if (type is not null)
        {
            find.With(type, caller.Recruiter);
        }

        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var found = new List<NameFound>(1);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetInt64(0), reader.GetString(1)));
        }

        return found switch
        {
            [] => new(null, caller.Owner),
            [var only] => only,
            [var first, ..] when first.Owner == caller.Owner => first,
            _ => new(null, caller.Owner, [.. found.Select(one => one.Owner)]),
        };
    }
}
