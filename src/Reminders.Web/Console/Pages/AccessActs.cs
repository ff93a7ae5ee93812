using Microsoft.AspNetCore.Http;
using Reminders.Web.Console.Accounts;
using Reminders.Web.Console.Acts;
using Reminders.Web.Keys;

namespace Reminders.Web.Console.Pages;

/// <summary>What can be done to an account, and to an API key: who loses what, and when.</summary>
internal sealed class AccessActs(ConsoleAccounts accounts, ApiKeys keys, Visitor visitor)
{
    public async Task<Act<string>?> AccountAsync(HttpContext http, string act)
    {
        var login = Typed.In(http, "login");
        var found = (await accounts.ListAsync(http.RequestAborted)).FirstOrDefault(one => one.Login == login);
        return act is not ("enable" or "disable") || found is null
            ? null
            : Of(
                act,
                "/accounts",
                $"/accounts/change/{act}",
                login,
                "login",
                new ChangeAccount(login, act == "enable"),
                act == "enable" ? visitor.Words.EnableGives(login) : visitor.Words.DisableLoses(login)
            );
    }

    public async Task<Act<string>?> KeyAsync(HttpContext http)
    {
        var name = Typed.In(http, "name");
        return (await keys.ListAsync(http.RequestAborted)).FirstOrDefault(one => one.Name == name) is { } found
            ? Of("revoke", "/keys", "/keys/revoke", name, "name", new RevokeKey(name), visitor.Words.RevokeLoses(found, visitor.Zone))
            : null;
    }

    // Which one it is goes along as a field: a name may have any letters, and a path may not.
    private Act<string> Of(
        string act,
        string of,
        string form,
        string what,
        string field,
        Commands.ICommand<Commands.Outcome<string>> command,
        string says
    ) =>
        new(act, of, form, visitor.Words.ActOn(act, what), of, what, command)
        {
            Fields = [new(field, what, "hidden", what, IsRequired: true)],
            Foresee = (_, _, _) => Task.FromResult<IReadOnlyList<string>>([says]),
        };
}
