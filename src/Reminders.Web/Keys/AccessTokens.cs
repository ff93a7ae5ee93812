using Reminders.Commands;
using Reminders.People;
using Reminders.Storage;

namespace Reminders.Web.Keys;

/// <param name="Count">How many tokens were in force.</param>
internal sealed record RevokedTokens(int Count);

/// <param name="Token">The token itself: it cannot be shown again.</param>
internal sealed record NewAccessToken(string Token, DateTimeOffset ExpiresAt);

/// <summary>Whose token it is.</summary>
internal sealed record AccessGrant(long RecipientId, string Reference);

/// <summary>
/// What people read their inbox with. The app that knows them obtains one for them with its API key, and hands it to their
/// browser; it opens their inbox and nothing else. Nothing is cached, as with <see cref="ApiKeys"/>.
/// </summary>
internal sealed class AccessTokens(Database dataSource)
{
    public const string Prefix = "rt_";

    public static readonly TimeSpan DefaultLife = TimeSpan.FromHours(12);
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(30);

    public static WrongFields Check(string? recipient, int? expiresIn)
    {
        var errors = new FieldErrors();
        errors.Text("recipient", recipient, 200, required: true);
        if (expiresIn < 1 || expiresIn > LongestLife.TotalSeconds)
        {
            errors.Add("expiresIn", "wrong.seconds", expiresIn, (long)LongestLife.TotalSeconds, (long)DefaultLife.TotalSeconds);
        }

        return errors.All;
    }

    /// <summary>The number of a person by their owner's name for them; null when there is none.</summary>
    public async Task<long?> PersonAsync(string owner, string reference, CancellationToken cancellationToken)
    {
        await using var find = dataSource
            .CreateCommand("SELECT id FROM reminders.recipient WHERE owner = $1 AND reference = $2 AND erased_at IS NULL")
            .With(owner, reference);
        return await find.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>A token that nobody gets to see: what somebody whom the app signed in opens lives as long as it.</summary>
    public async Task<byte[]> IssueUnseenAsync(long recipient, string by, CancellationToken cancellationToken)
    {
        var hash = RandomSecret.Hash(RandomSecret.Create(Prefix));
        await using var insert = dataSource
            .CreateCommand(WebStatement.Named("Keys/Sql/issue-token.sql"))
            .With(hash, by, DefaultLife, (long?)recipient, "");
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return hash;
    }

    /// <param name="recipient">The person's reference, as the caller knows them.</param>
    /// <param name="names">The caller's.</param>
    /// <param name="by">Who asked for it, for the audit and whoever wonders later.</param>
    public async Task<Outcome<NewAccessToken>> IssueAsync(
        string? recipient,
        int? expiresIn,
        OwnedNames names,
        string by,
        CancellationToken cancellationToken
    )
    {
        if (Check(recipient, expiresIn) is { Count: > 0 } errors)
        {
            return new Outcome<NewAccessToken>.Invalid(errors);
        }

        var (named, refused) = await names.PersonAsync<NewAccessToken>(recipient!, cancellationToken);
        if (refused is Outcome<NewAccessToken>.Conflict)
        {
            return refused;
        }

        var token = RandomSecret.Create(Prefix);
        var life = expiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultLife;
        await using var insert = dataSource
            .CreateCommand(WebStatement.Named("Keys/Sql/issue-token.sql"))
            .With(RandomSecret.Hash(token), by, life, named, Audit.Unknown(recipient!));
        await using var reader = await insert.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Outcome<NewAccessToken>.Done(new(token, reader.GetFieldValue<DateTimeOffset>(0)))
            : PersonNamed.Nobody<NewAccessToken>(recipient!);
    }

    /// <summary>Ends every token of a person: they are refused from now on, and open connections close within seconds.</summary>
    /// <returns>How many were in force: none of a person the caller has not.</returns>
    public async Task<Outcome<RevokedTokens>> RevokeAsync(
        string recipient,
        OwnedNames names,
        string by,
        CancellationToken cancellationToken
    )
    {
        var (named, refused) = await names.PersonAsync<RevokedTokens>(recipient, cancellationToken);
        if (refused is Outcome<RevokedTokens>.Conflict)
        {
            return refused;
        }

        await using var revoke = dataSource
            .CreateCommand(WebStatement.Named("Keys/Sql/revoke-tokens.sql"))
            .With(named, by, named is { } id ? Audit.Person(id) : Audit.Unknown(recipient));
        return new Outcome<RevokedTokens>.Done(new((int)(await revoke.ExecuteScalarAsync(cancellationToken))!));
    }

    public async Task<AccessGrant?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!RandomSecret.HasForm(token, Prefix))
        {
            return null;
        }

        await using var find = dataSource
            .CreateCommand(
                """
                SELECT t.recipient_id, r.reference FROM reminders.access_token t JOIN reminders.recipient r ON r.id = t.recipient_id
                WHERE t.hash = $1 AND t.expires_at > now()
                """
            )
            .With(RandomSecret.Hash(token));
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt64(0), reader.GetString(1)) : null;
    }

    /// <summary>Which of these are in force no more.</summary>
    public async Task<IReadOnlyList<byte[]>> FindEndedAsync(byte[][] hashes, CancellationToken cancellationToken)
    {
        await using var find = dataSource
            .CreateCommand(
                """
                SELECT h FROM unnest($1) AS h
                WHERE NOT EXISTS (SELECT FROM reminders.access_token t WHERE t.hash = h AND t.expires_at > now())
                """
            )
            .With((object)hashes);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var ended = new List<byte[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ended.Add(reader.GetFieldValue<byte[]>(0));
        }

        return ended;
    }
}
