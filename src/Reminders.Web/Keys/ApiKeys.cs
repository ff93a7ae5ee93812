using Reminders.Bookings;
using Reminders.Storage;

namespace Reminders.Web.Keys;

/// <summary>
/// The keys that machines call the API with. A key is a <see cref="RandomSecret"/>, shown once, when it is made.
/// Nothing is cached: a revoked key is refused from the next request on, on every node, for one lookup by a unique index (about
/// 0.3 ms) per request.
/// </summary>
public sealed class ApiKeys(Database dataSource)
{
    /// <summary>What every key begins with, so that people and secret scanners know it when they see it.</summary>
    public const string Prefix = "rk_";

    /// <summary>Makes a key.</summary>
    /// <param name="name">Who will use it, for the ledger: 1 to 100 characters, never used before, not even by a revoked key.</param>
    /// <returns>Invalid for the name's form; Conflict when the name is taken.</returns>
    public async Task<Outcome<NewApiKey>> CreateAsync(string name, ApiRole role, CancellationToken cancellationToken = default)
    {
        var errors = new FieldErrors();
        errors.Text("name", name, 100, required: true);
        if (name?.Any(char.IsControl) == true)
            errors.Add("name", "has a control character: it stands in logs and tables.");
        if (!Enum.IsDefined(role))
            errors.Add("role", $"is {role}: it must be recruiter or operator.");
        if (errors.All.Count > 0)
            return new Outcome<NewApiKey>.Invalid(errors.All);

        var key = RandomSecret.Create(Prefix);
        await using var insert = dataSource.CreateCommand("""
            INSERT INTO reminders.api_key (name, hash, role) VALUES ($1, $2, $3)
            ON CONFLICT ON CONSTRAINT api_key_name DO NOTHING
            """).With(name!.Trim(), RandomSecret.Hash(key), role.ToColumn());
        return await insert.ExecuteNonQueryAsync(cancellationToken) > 0
            ? new Outcome<NewApiKey>.Done(new(name.Trim(), role, key))
            : new Outcome<NewApiKey>.Conflict($"There is, or was, a key named '{name.Trim()}': the ledger names it, so choose another.");
    }

    /// <summary>Ends a key, at once and for good.</summary>
    /// <returns>False when no such key is in force.</returns>
    public async Task<bool> RevokeAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var revoke = dataSource.CreateCommand("""
            UPDATE reminders.api_key SET revoked_at = now() WHERE name = $1 AND revoked_at IS NULL
            """).With(name);
        return await revoke.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Every key there ever was, oldest first, without the keys themselves.</summary>
    public async Task<IReadOnlyList<ApiKeyInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var list = dataSource.CreateCommand("SELECT name, role, created_at, revoked_at FROM reminders.api_key ORDER BY id");
        await using var reader = await list.ExecuteReaderAsync(cancellationToken);
        var keys = new List<ApiKeyInfo>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(new(
                reader.GetString(0), ApiRoles.FromColumn(reader.GetString(1)), reader.GetFieldValue<DateTimeOffset>(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)));
        }
        return keys;
    }

    /// <summary>Whose key it is; null when it is nobody's, or revoked.</summary>
    internal async Task<ApiKeyInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!RandomSecret.HasForm(key, Prefix))
            return null;
        await using var find = dataSource.CreateCommand("""
            SELECT name, role, created_at FROM reminders.api_key WHERE hash = $1 AND revoked_at IS NULL
            """).With(RandomSecret.Hash(key));
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetString(0), ApiRoles.FromColumn(reader.GetString(1)), reader.GetFieldValue<DateTimeOffset>(2), null)
            : null;
    }
}

/// <param name="Key">The key itself: it cannot be shown again.</param>
public sealed record NewApiKey(string Name, ApiRole Role, string Key);

/// <param name="RevokedAt">Null while the key is in force.</param>
public sealed record ApiKeyInfo(string Name, ApiRole Role, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>What a key's bearer may do.</summary>
public enum ApiRole
{
    /// <summary>Book, and see what became of it.</summary>
    Recruiter,

    /// <summary>All that a recruiter may, and decide about messages that are held or dead.</summary>
    Operator,
}

internal static class ApiRoles
{
    public static string ToColumn(this ApiRole role) => role switch
    {
        ApiRole.Recruiter => "recruiter",
        ApiRole.Operator => "operator",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    public static ApiRole FromColumn(string column) => Enum.Parse<ApiRole>(column, ignoreCase: true);
}
