using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Web.Console.Accounts;
using Reminders.Web.Console.Acts;

namespace Reminders.Web.Console.Pages;

/// <param name="Code">That was just made; it is shown once.</param>
/// <param name="Wrong">What is wrong with what was asked for.</param>
internal sealed record AccountsShown(IReadOnlyList<ConsoleAccount> Accounts, string? Code, string? Wrong, string Role, string Recruiter);

/// <summary>Who may come in.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        if (!((ConsoleMapping)app.ServiceProvider.GetService(typeof(ConsoleMapping))!).OwnAccounts)
        {
            return;
        }

        app.MapGet("/accounts", (HttpContext http, ConsoleAccounts accounts) => ShowAsync(http, accounts));
        app.MapPost("/accounts/invite", InviteAsync);
        app.MapPost("/accounts/reset", ResetAsync);
        app.MapMethods(
            "/accounts/change/{act}",
            ActFlow.Verbs,
            (string act, HttpContext http, ActFlow flow, AccessActs acts) => flow.RunAsync(http, () => acts.AccountAsync(http, act))
        );
    }

    private static async Task<IResult> InviteAsync(HttpContext http, ConsoleAccounts accounts, Caller caller, Visitor visitor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (role, recruiter) = (form["role"].ToString(), form["recruiter"].ToString().Trim());
        if (!Enum.TryParse<ConsoleRole>(role, out var wanted) || !Enum.IsDefined(wanted))
        {
            return Results.BadRequest();
        }

        var made = await accounts.InviteAsync(wanted, recruiter.Length == 0 ? null : recruiter, caller.Name, http.RequestAborted);
        return made is Outcome<string>.Done done
            ? await ShowAsync(http, accounts, done.Value)
            : await ShowAsync(http, accounts, null, visitor.RefusalOf(made), role, recruiter);
    }

    private static async Task<IResult> ResetAsync(HttpContext http, ConsoleAccounts accounts, Caller caller, Visitor visitor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var made = await accounts.ResetAsync(form["login"].ToString(), caller.Name, http.RequestAborted);
        return made is Outcome<string>.Done done
            ? await ShowAsync(http, accounts, done.Value)
            : await ShowAsync(http, accounts, null, visitor.RefusalOf(made));
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        ConsoleAccounts accounts,
        string? code = null,
        string? wrong = null,
        string role = "",
        string recruiter = ""
    ) =>
        http.Show<AccountsPage, AccountsShown>(
            http.Words().Accounts,
            "/accounts",
            new(await accounts.ListAsync(http.RequestAborted), code, wrong, role, recruiter),
            wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity
        );
}
