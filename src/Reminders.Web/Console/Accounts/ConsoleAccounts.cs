using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Web.Keys;

namespace Reminders.Web.Console.Accounts;

/// <summary>
/// The console's own sign-in. Nothing of it is kept in a process: whoever is disabled, or has another password, is out on every node at
/// the next request.
/// </summary>
internal sealed class ConsoleAccounts(Database database)
{
    /// <summary>The shortest password.</summary>
    public const int ShortestPassword = 12;

    public const int LongestPassword = 200;
    public static readonly TimeSpan CodeLife = TimeSpan.FromHours(1);
    private const int MostFailures = 5;
    private static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);
    private static readonly PasswordHasher<ConsoleAccounts> Hasher = new();

    // A wrong login takes as long as a wrong password. Made when somebody first signs in: a start has no use for it.
    private static readonly Lazy<string> Nobodys = new(() => Hasher.HashPassword(null!, RandomSecret.Create("")));

    /// <summary>A code with which somebody makes an account of their own, for an hour and once.</summary>
    /// <param name="recruiter">The reference of the person whose bookings a recruiter sees.</param>
    /// <param name="by">Who invites, for the audit: <c>cli:olga</c>.</param>
    public async Task<Outcome<string>> InviteAsync(
        ConsoleRole role,
        string? recruiter,
        string by,
        CancellationToken cancellationToken = default
    )
    {
        if (role == ConsoleRole.Recruiter != !string.IsNullOrWhiteSpace(recruiter))
        {
            return new Outcome<string>.Invalid(WrongFields.Of("recruiter", "wrong.recruiters_role"));
        }

        var person = recruiter is null ? null : await PersonAsync(recruiter, cancellationToken);
        return recruiter is not null && person is null
            ? new Outcome<string>.Invalid(WrongFields.Of("recruiter", "wrong.nobody_such", FieldErrors.Cut(recruiter)))
            : new Outcome<string>.Done((await CodeAsync(role, person, null, by, isFirst: false, cancellationToken))!);
    }

    /// <summary>A code for another password. The account's sessions end when it is used.</summary>
    public async Task<Outcome<string>> ResetAsync(string login, string by, CancellationToken cancellationToken = default)
    {
        await using var find = database
            .CreateCommand("SELECT id FROM reminders.account WHERE lower(login) = lower($1) AND disabled_at IS NULL")
            .With(login);
        return await find.ExecuteScalarAsync(cancellationToken) is long id
            ? new Outcome<string>.Done((await CodeAsync(null, null, id, by, isFirst: false, cancellationToken))!)
            : Outcome<string>.NotFound.Of("no_account_of", FieldErrors.Cut(login));
    }

    /// <summary>The code for the first administrator; null when there is an account already.</summary>
    public Task<string?> FirstAsync(CancellationToken cancellationToken = default) =>
        CodeAsync(ConsoleRole.Administrator, null, null, "engine", isFirst: true, cancellationToken);

    /// <summary>Disables an account, and ends its sessions.</summary>
    /// <param name="enable">Opens it again.</param>
    /// <returns>False where nothing was to change.</returns>
    public async Task<bool> DisableAsync(string login, string by, bool enable = false, CancellationToken cancellationToken = default)
    {
        await using var disable = database.CreateCommand(WebStatement.Named("Console/Accounts/Sql/disable.sql")).With(login, enable, by);
        return (long)(await disable.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    /// <summary>All there are, by login.</summary>
    public async Task<IReadOnlyList<ConsoleAccount>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var list = database.CreateCommand(
            """
            SELECT a.login, a.role, r.reference, a.created_at, a.created_by, a.seen_at, a.disabled_at
            FROM reminders.account a LEFT JOIN reminders.recipient r ON r.id = a.recipient_id ORDER BY lower(a.login)
            """
        );
        await using var reader = await list.ExecuteReaderAsync(cancellationToken);
        var accounts = new List<ConsoleAccount>();
        while (await reader.ReadAsync(cancellationToken))
        {
            accounts.Add(
                new(
                    reader.GetString(0),
                    RoleOf(reader.GetString(1)),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetString(4),
                    At(5),
                    At(6)
                )
            );
        }

        return accounts;

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    public async Task<SignedIn> SignInAsync(string login, string password, CancellationToken cancellationToken)
    {
        var name = login.Trim().ToLowerInvariant();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        (long Id, string Password, Guid Stamp)? account = null;
        await using (
            var begin = database
                .CreateCommand(WebStatement.Named("Console/Accounts/Sql/begin-sign-in.sql"))
                .With(hash, name, MostFailures, LockedFor)
        )
        await using (var reader = await begin.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return new SignedIn.Locked(await LeftAsync(hash, cancellationToken));
            }

            account = reader.IsDBNull(0) ? null : (reader.GetInt64(0), reader.GetString(1), reader.GetGuid(2));
        }
        // Whoever signs in: the first wrong login takes no longer than the others.
        var nobodys = Nobodys.Value;
        if (
            Hasher.VerifyHashedPassword(this, account?.Password ?? nobodys, password) == PasswordVerificationResult.Failed
            || account is not { } found
        )
        {
            return new SignedIn.Refused();
        }

        await using var end = database.CreateCommand(WebStatement.Named("Console/Accounts/Sql/end-sign-in.sql")).With(hash, found.Id);
        await end.ExecuteNonQueryAsync(cancellationToken);
        return new SignedIn.Done(found.Id, found.Stamp);
    }

    /// <summary>Makes an account by its code.</summary>
    public async Task<Outcome<SignedIn.Done>> JoinAsync(string? code, string? login, string? password, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Text("login", login, 100, required: true);
        if (login?.Any(char.IsControl) is true)
        {
            errors.Add("login", "wrong.control");
        }

        if (password is null or { Length: < ShortestPassword or > LongestPassword })
        {
            errors.Add("password", "wrong.password", ShortestPassword, LongestPassword);
        }

        if (InvitationCode.Read(code) is not { } read)
        {
            errors.Add("code", "wrong.no_code");
            return new Outcome<SignedIn.Done>.Invalid(errors.All);
        }

        if (errors.Count > 0)
        {
            return new Outcome<SignedIn.Done>.Invalid(errors.All);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (
            var join = database
                .CreateCommand(WebStatement.Named("Console/Accounts/Sql/join.sql"), connection)
                .With(RandomSecret.Hash(read), login!.Trim(), Hasher.HashPassword(this, password!))
        )
        await using (var reader = await join.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                // Rolled back with the transaction: the code stays good for another login.
                return Outcome<SignedIn.Done>.Conflict.Of("code_used");
            }

            var done = new SignedIn.Done(reader.GetInt64(0), reader.GetGuid(2));
            await reader.CloseAsync();
            await transaction.CommitAsync(cancellationToken);
            return new Outcome<SignedIn.Done>.Done(done);
        }
    }

    /// <summary>Whose session it is; null when it is over.</summary>
    public async Task<LiveAccount?> FindAsync(long id, Guid stamp, CancellationToken cancellationToken)
    {
        await using var find = database
            .CreateCommand(
                """
                SELECT a.login, a.role, a.recipient_id, a.language, coalesce(a.zone, r.zone)
                FROM reminders.account a LEFT JOIN reminders.recipient r ON r.id = a.recipient_id
                WHERE a.id = $1 AND a.stamp = $2 AND a.disabled_at IS NULL
                """
            )
            .With(id, stamp);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                id,
                reader.GetString(0),
                RoleOf(reader.GetString(1)),
                reader.IsDBNull(2) ? null : reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4)
            )
            : null;
    }

    /// <summary>Ends every session of an account.</summary>
    public async Task EndSessionsAsync(long id, CancellationToken cancellationToken)
    {
        await using var end = database.CreateCommand("UPDATE reminders.account SET stamp = gen_random_uuid() WHERE id = $1").With(id);
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<string?> CodeAsync(
        ConsoleRole? role,
        long? recipient,
        long? account,
        string by,
        bool isFirst,
        CancellationToken cancellationToken
    )
    {
        var code = InvitationCode.Create();
        await using var invite = database
            .CreateCommand(WebStatement.Named("Console/Accounts/Sql/invite.sql"))
            .With(
                RandomSecret.Hash(InvitationCode.Read(code)!),
                role?.ToString().ToLowerInvariant(),
                recipient,
                account,
                CodeLife,
                by,
                isFirst
            );
        return await invite.ExecuteScalarAsync(cancellationToken) is null ? null : code;
    }

    private async Task<long?> PersonAsync(string reference, CancellationToken cancellationToken)
    {
        await using var find = database
            .CreateCommand("SELECT array_agg(id) FROM reminders.recipient WHERE reference = $1 AND erased_at IS NULL")
            .With(reference);
        return await find.ExecuteScalarAsync(cancellationToken) is long[] and [var only] ? only : null;
    }

    private async Task<TimeSpan> LeftAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var left = database
            .CreateCommand("SELECT locked_until - clock_timestamp() FROM reminders.sign_in_failure WHERE login_hash = $1")
            .With(hash);
        return await left.ExecuteScalarAsync(cancellationToken) is TimeSpan time && time > TimeSpan.Zero ? time : TimeSpan.Zero;
    }

    private static ConsoleRole RoleOf(string role) => Enum.Parse<ConsoleRole>(role, ignoreCase: true);
}
