using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Web.Console.Accounts;

/// <summary>Shuts an account, and ends its sessions; or opens it again.</summary>
internal sealed record ChangeAccount(string Login, bool Enable) : ICommand<Outcome<string>>;

internal sealed class ChangeAccountHandler(CommandTransaction db, Caller caller) : IRequestHandler<ChangeAccount, Outcome<string>>
{
    public async Task<Outcome<string>> Handle(ChangeAccount request, CancellationToken cancellationToken)
    {
        if (!caller.Administers)
        {
            return Outcome<string>.NotFound.Of("no_account");
        }

        if (!request.Enable && await OtherAdministratorsAsync(request.Login, cancellationToken) == 0)
        {
            return Outcome<string>.Conflict.Of("last_administrator");
        }

        await using var change = db.Command(WebStatement.Named("Console/Accounts/Sql/disable.sql"))
            .With(request.Login, request.Enable, caller.Name);
        return (long)(await change.ExecuteScalarAsync(cancellationToken))! > 0
            ? new Outcome<string>.Done(request.Login)
            : Outcome<string>.Conflict.Of("account_is_so");
    }

    /// <summary>Locked: two of them who disable each other are not both to succeed.</summary>
    private async Task<long> OtherAdministratorsAsync(string login, CancellationToken cancellationToken)
    {
        await using var others = db.Command(
                """
                SELECT count(*) FROM (
                    SELECT FROM reminders.account
                    WHERE role = 'administrator' AND disabled_at IS NULL AND lower(login) <> lower($1) FOR UPDATE) o
                """
            )
            .With(login);
        return (long)(await others.ExecuteScalarAsync(cancellationToken))!;
    }
}
