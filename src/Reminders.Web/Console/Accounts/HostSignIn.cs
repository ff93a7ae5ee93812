using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Web.Hosting;
using Reminders.Words;

namespace Reminders.Web.Console.Accounts;

internal sealed class HostSignInOptions : AuthenticationSchemeOptions;

/// <summary>Whoever the app signed in, as <see cref="ConsoleMapping.Person"/> says who that is.</summary>
internal sealed class HostSignIn(
    ConsoleMapping mapping,
    Database database,
    Visitor visitor,
    IOptionsMonitor<HostSignInOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<HostSignInOptions>(options, logger, encoder)
{
    public new const string Scheme = "RemindersConsoleHost";

    /// <summary>Whether the app has signed them in, whoever they are.</summary>
    private bool _isSomebody;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var app = AppRequest.Of(Context);
        var user = app.User;
        if (user.Identity?.IsAuthenticated is not true)
        {
            var asked = await app.AsTheAppAsync(() => Context.AuthenticateAsync());
            user = asked.Principal ?? user;
        }

        _isSomebody = user.Identity?.IsAuthenticated is true;
        if (!_isSomebody)
        {
            return AuthenticateResult.NoResult();
        }

        if (mapping.Person!(user) is not { } person)
        {
            return Refused(new("problem.no_role"), language: null);
        }

        if (person.Name is not { Length: > 0 and <= 100 } || person.Name.Any(char.IsControl))
        {
            return Refused(new("problem.long_name"), person.Language);
        }

        (long Id, string Zone)? recruiter = null;
        if (person.Role == ConsoleRole.Recruiter && (recruiter = await RecruiterAsync(person)) is null)
        {
            return Refused(new("problem.no_recruiter", FieldErrors.Cut(person.Recruiter ?? "")), person.Language);
        }

        return AuthenticateResult.Success(
            new(
                new(
                    ConsoleClaims.Identity(Scheme, person.Name, person.Role, recruiter?.Id, person.Language, person.Zone ?? recruiter?.Zone)
                ),
                Scheme
            )
        );
    }

    /// <summary>Whoever has signed in and may not come in reads why, in their language.</summary>
    private AuthenticateResult Refused(Sentence why, string? language)
    {
        visitor.Refuse(why, language);
        return AuthenticateResult.Fail(Wording.English.Of(why));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var app = AppRequest.Of(Context);
        if (_isSomebody)
        {
            // To sign in once more would make nobody else of them.
            Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return app.AsTheAppAsync(async () =>
        {
            await Context.ChallengeAsync();
            return true;
        });
    }

    // Who has signed in, and may come in too, is refused for their role.
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private async Task<(long Id, string Zone)?> RecruiterAsync(ConsolePerson person)
    {
        await using var find = database
            .CreateCommand("SELECT id, zone FROM reminders.recipient WHERE reference = $1 AND owner = $2 AND erased_at IS NULL")
            .With(person.Recruiter, person.Owner);
        await using var reader = await find.ExecuteReaderAsync(Context.RequestAborted);
        return await reader.ReadAsync(Context.RequestAborted) ? (reader.GetInt64(0), reader.GetString(1)) : null;
    }
}
