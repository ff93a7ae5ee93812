using Npgsql;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Web.Keys;

/// <summary>
/// The keys that machines call the API with. A key is a <see cref="RandomSecret"/>, shown once, when it is made.
/// Nothing is cached: a revoked or expired key is refused from the next request on, on every node, for one lookup by a unique
/// index (about 0.3 ms) per request.
/// </summary>
public sealed class ApiKeys(Database dataSource)
{
    /// <summary>What every key begins with, so that people and secret scanners know it when they see it.</summary>
    public const string Prefix = "rk_";

    /// <summary>Makes a key that never expires, whose owner has its name.</summary>
    /// <inheritdoc cref="CreateAsync(ApiKeyDraft, string, CancellationToken)"/>
    public Task<Outcome<NewApiKey>> CreateAsync(string name, ApiRole role, CancellationToken cancellationToken = default)
    {
        if (Enum.IsDefined(role))
        {
            return CreateAsync(new(name, ApiScopes.Of(role)), "engine", cancellationToken);
        }

        return Task.FromResult<Outcome<NewApiKey>>(new Outcome<NewApiKey>.Invalid(WrongFields.Of("role", "wrong.role", $"{role}")));
    }

    /// <summary>Makes a key.</summary>
    /// <param name="by">Who makes it, for the audit: <c>cli:olga</c>.</param>
    /// <returns>Invalid for what is wrong with the draft; Conflict when the name is taken.</returns>
    public async Task<Outcome<NewApiKey>> CreateAsync(ApiKeyDraft draft, string by, CancellationToken cancellationToken = default)
    {
        if (Check(draft) is { Count: > 0 } errors)
        {
            return new Outcome<NewApiKey>.Invalid(errors);
        }

        var (name, owner) = (draft.Name.Trim(), (draft.Owner ?? draft.Name).Trim());
        var scopes = ApiScopes.All.Intersect(draft.Scopes).ToArray();
        // A build from before scopes reads the role: what is no role must not become one there.
        var role =
            scopes.SequenceEqual(ApiScopes.Of(ApiRole.Operator)) ? "operator"
            : scopes.SequenceEqual(ApiScopes.Of(ApiRole.Recruiter)) ? "recruiter"
            : null;
        var recruiter = draft.Recruiter is null ? null : await RecruiterAsync(owner, draft.Recruiter, cancellationToken);
        if (draft.Recruiter is not null && recruiter is null)
        {
            return new Outcome<NewApiKey>.Invalid(WrongFields.Of("recruiter", "wrong.nobody_of", FieldErrors.Cut(draft.Recruiter), owner));
        }

        var key = RandomSecret.Create(Prefix);
        await using var insert = dataSource
            .CreateCommand(WebStatement.Named("Keys/Sql/create-key.sql"))
            .With(name, RandomSecret.Hash(key), role, owner, scopes, draft.Life, by, recruiter);
        await using var reader = await insert.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Outcome<NewApiKey>.Done(
                new(name, owner, scopes, reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0), key)
            )
            : Outcome<NewApiKey>.Conflict.Of("key_exists", name);
    }

    private async Task<long?> RecruiterAsync(string owner, string reference, CancellationToken cancellationToken)
    {
        await using var find = dataSource
            .CreateCommand("SELECT id FROM reminders.recipient WHERE owner = $1 AND reference = $2 AND erased_at IS NULL")
            .With(owner, reference);
        return await find.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>Ends a key, at once and for good.</summary>
    /// <param name="by">Who ends it, for the audit.</param>
    /// <returns>False when no such key is in force.</returns>
    public async Task<bool> RevokeAsync(string name, string by = "engine", CancellationToken cancellationToken = default)
    {
        await using var revoke = dataSource.CreateCommand(WebStatement.Named("Keys/Sql/revoke-key.sql")).With(name, by);
        return (long)(await revoke.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    /// <summary>Every key there ever was, oldest first, without the keys themselves.</summary>
    public async Task<IReadOnlyList<ApiKeyInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var list = dataSource.CreateCommand($"SELECT {Columns} FROM {Table} ORDER BY k.id");
        await using var reader = await list.ExecuteReaderAsync(cancellationToken);
        var keys = new List<ApiKeyInfo>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(Read(reader));
        }

        return keys;
    }

    /// <summary>Whose key it is; null when it is nobody's, expired or revoked.</summary>
    internal async Task<ApiKeyInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!RandomSecret.HasForm(key, Prefix))
        {
            return null;
        }

        ApiKeyInfo found;
        bool stale;
        await using (
            var find = dataSource
                .CreateCommand(
                    $"""
                    SELECT {Columns}, last_used_at IS NULL OR last_used_at < now() - interval '1 minute' FROM {Table}
                    WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
                      AND (r.id IS NULL OR r.erased_at IS NULL)
                    """
                )
                .With(RandomSecret.Hash(key))
        )
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            (found, stale) = (Read(reader), reader.GetBoolean(9));
        }
        if (stale)
        {
            await NoteUseAsync(found.Name, cancellationToken);
        }

        return found;
    }

    /// <summary>Once a minute and key: of requests that come together one writes, and none waits for it.</summary>
    private async Task NoteUseAsync(string name, CancellationToken cancellationToken)
    {
        await using var note = dataSource
            .CreateCommand(
                """
                UPDATE reminders.api_key SET last_used_at = now() WHERE id = (
                    SELECT id FROM reminders.api_key
                    WHERE name = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute') FOR UPDATE SKIP LOCKED)
                """
            )
            .With(name);
        try
        {
            await note.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            // A note is nothing to refuse a request for: what it needs the database for, it finds out by itself.
        }
    }

    private static WrongFields Check(ApiKeyDraft draft)
    {
        var errors = new FieldErrors();
        Name(errors, "name", draft.Name, required: true);
        Name(errors, "owner", draft.Owner, required: false);
        if (draft.Owner is { } owner && string.IsNullOrWhiteSpace(owner))
        {
            errors.Add("owner", "wrong.blank_owner");
        }

        if (draft.Scopes.Count == 0)
        {
            errors.Add("scope", "wrong.no_scope", string.Join(", ", ApiScopes.All));
        }

        foreach (var unknown in draft.Scopes.Except(ApiScopes.All))
        {
            errors.Add("scope", "wrong.unknown_scope", FieldErrors.Cut(unknown), string.Join(", ", ApiScopes.All));
        }

        var isRecruiters = draft.Recruiter is not null || draft.Scopes.Contains(ApiScopes.RecruitersBookings);
        if (isRecruiters && (draft.Recruiter is null || draft.Scopes is not [ApiScopes.RecruitersBookings]))
        {
            errors.Add("recruiter", "wrong.scope_alone", ApiScopes.RecruitersBookings);
        }

        if (draft.Life is { } life && (life <= TimeSpan.Zero || life > ApiKeyDraft.LongestLife))
        {
            errors.Add("expires", "wrong.expires", $"{life}", ApiKeyDraft.LongestLife.Days);
        }

        return errors.All;
    }

    private static void Name(FieldErrors errors, string field, string? name, bool required)
    {
        errors.Text(field, name, 100, required);
        if (name?.Any(char.IsControl) == true)
        {
            errors.Add(field, "wrong.control_kept");
        }
    }

    private const string Columns =
        "k.name, k.owner, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.revoked_at, k.recruiter_id, r.reference";

    private const string Table = "reminders.api_key k LEFT JOIN reminders.recipient r ON r.id = k.recruiter_id";

    private static ApiKeyInfo Read(NpgsqlDataReader reader)
    {
        return new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetFieldValue<string[]>(2),
            reader.GetFieldValue<DateTimeOffset>(3),
            Instant(4),
            Instant(5),
            Instant(6)
        )
        {
            RecruiterId = reader.IsDBNull(7) ? null : reader.GetInt64(7),
            Recruiter = reader.IsDBNull(8) ? null : reader.GetString(8),
        };

        DateTimeOffset? Instant(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }
}

/// <summary>A key to be made.</summary>
/// <param name="Name">Who will use it, for the ledger: 1 to 100 characters, never used before, not even by a revoked key.</param>
/// <param name="Scopes">Of <see cref="ApiScopes"/>, at least one.</param>
/// <param name="Owner">The app or tenant whose objects it makes and finds; keys of one owner share them. Default: the name.</param>
/// <param name="Life">How long it is good for; null means for ever.</param>
public sealed record ApiKeyDraft(string Name, IReadOnlyList<string> Scopes, string? Owner = null, TimeSpan? Life = null)
{
    /// <summary>A key for longer than ten years is one that never expires.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(3660);

    /// <summary>
    /// The reference of the owner's person whose bookings it finds, and no others; with <see cref="ApiScopes.RecruitersBookings"/> alone.
    /// </summary>
    public string? Recruiter { get; init; }
}

/// <param name="ExpiresAt">Null when it never does.</param>
/// <param name="Key">The key itself: it cannot be shown again.</param>
public sealed record NewApiKey(string Name, string Owner, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, string Key);

/// <param name="ExpiresAt">Refused from then on; null means never.</param>
/// <param name="LastUsedAt">To the minute; null when it never was.</param>
/// <param name="RevokedAt">Null unless it was.</param>
public sealed record ApiKeyInfo(
    string Name,
    string Owner,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt
)
{
    /// <summary>The reference of the recruiter whose it is; null where it is nobody's in particular.</summary>
    public string? Recruiter { get; init; }

    internal long? RecruiterId { get; init; }
}
