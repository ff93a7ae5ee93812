using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Web.Console.Accounts;

namespace Reminders.Web.Console.Pages;

/// <param name="To">Where they were going.</param>
/// <param name="Wrong">What is wrong with what was typed; null the first time.</param>
internal sealed record SignInForm(string Login, string To, string? Wrong);

internal sealed record JoinForm(string Code, string Login, IReadOnlyDictionary<string, string> Wrong);

/// <summary>Coming in and going out, with accounts of the engine's own.</summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in", (HttpContext http, string? to) => ShowSignIn(http, new("", ConsolePages.OwnPath(to), null)));
        app.MapPost("/sign-in", SignInAsync);
        app.MapGet("/join", (HttpContext http, string? code) => ShowJoin(http, new(code ?? "", "", new Dictionary<string, string>())));
        app.MapPost("/join", JoinAsync);
        app.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, ConsoleAccounts accounts, Visitor visitor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (login, password, to) = (form["login"].ToString(), form["password"].ToString(), ConsolePages.OwnPath(form["to"]));
        var typed = login[..Math.Min(login.Length, 100)];
        if (login.Length > 100 || password.Length > ConsoleAccounts.LongestPassword)
        {
            return ShowSignIn(http, new(typed, to, visitor.Words.WrongSignIn), StatusCodes.Status422UnprocessableEntity);
        }

        switch (await accounts.SignInAsync(login, password, http.RequestAborted))
        {
            case SignedIn.Done done:
                await SessionCookie.BeginAsync(http, done);
                return http.SeeOther(to);
            case SignedIn.Locked locked:
                http.Response.Headers.RetryAfter = ((int)locked.Left.TotalSeconds + 1).ToString(visitor.Words.Culture);
                return ShowSignIn(http, new(typed, to, visitor.Words.Locked(locked.Left)), StatusCodes.Status429TooManyRequests);
            default:
                return ShowSignIn(http, new(typed, to, visitor.Words.WrongSignIn), StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static async Task<IResult> JoinAsync(HttpContext http, ConsoleAccounts accounts, Visitor visitor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (code, login) = (form["code"].ToString(), form["login"].ToString());
        var wrong = new Dictionary<string, string>();
        switch (await accounts.JoinAsync(code, login, form["password"], http.RequestAborted))
        {
            case Outcome<SignedIn.Done>.Done done:
                await SessionCookie.BeginAsync(http, done.Value);
                return http.SeeOther("/");
            case Outcome<SignedIn.Done>.Invalid invalid:
                foreach (var field in invalid.Errors.Keys)
                {
                    wrong[field] = field switch
                    {
                        "code" => visitor.Words.CodeWrong,
                        "login" => visitor.Words.LoginWrong,
                        _ => visitor.Words.PasswordHint(ConsoleAccounts.ShortestPassword),
                    };
                }

                break;
            default:
                wrong["code"] = visitor.Words.CodeUsed(ConsoleAccounts.CodeLife);
                break;
        }

        return ShowJoin(
            http,
            new(code[..Math.Min(code.Length, 100)], login[..Math.Min(login.Length, 100)], wrong),
            StatusCodes.Status422UnprocessableEntity
        );
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, ConsoleAccounts accounts)
    {
        var session = await http.AuthenticateAsync(SessionCookie.Scheme);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["all"].Count > 0 && session.Principal is { } user && SessionCookie.AccountId(user) is { } id)
        {
            await accounts.EndSessionsAsync(id, http.RequestAborted);
        }

        await http.SignOutAsync(SessionCookie.Scheme);
        return http.SeeOther("/sign-in");
    }

    private static IResult ShowSignIn(HttpContext http, SignInForm form, int status = StatusCodes.Status200OK) =>
        http.Show<SignInPage, SignInForm>(http.Words().SignIn, "", form, status);

    private static IResult ShowJoin(HttpContext http, JoinForm form, int status = StatusCodes.Status200OK) =>
        http.Show<JoinPage, JoinForm>(http.Words().Join, "", form, status);
}
