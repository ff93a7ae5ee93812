using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Reminders.Web.Hosting;

namespace Reminders.Web.Keys;

internal sealed class AppSignInOptions : AuthenticationSchemeOptions;

/// <summary>
/// Lets those in whom the app's own policy lets in. It is asked as if the request were the app's: by its schemes, its policies
/// and its handlers, and whoever is refused hears so from them.
/// </summary>
internal abstract class AppSignIn(IOptionsMonitor<AppSignInOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AppSignInOptions>(options, logger, encoder)
{
    /// <summary>The app's policy whose refusal is heard. Null: the app's default, which is that somebody has signed in.</summary>
    protected abstract string? Policy { get; }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        IsFromElsewhere() ? AuthenticateResult.Fail(new NotLetInException("problem.elsewhere")) : await SignInAsync();

    protected abstract Task<AuthenticateResult> SignInAsync();

    /// <summary>Who has signed in, as far as the app's policy asks, and whether it lets them in. Null: nobody has.</summary>
    protected Task<(ClaimsPrincipal? User, bool Passes)> WhoIsItAsync(string? policy) =>
        AppRequest
            .Of(Context)
            .AsTheAppAsync(async () =>
            {
                var services = Context.RequestServices;
                var wanted = await PolicyAsync(policy);
                var evaluator = services.GetRequiredService<IPolicyEvaluator>();
                var authenticated = await evaluator.AuthenticateAsync(wanted, Context);
                var decided = await evaluator.AuthorizeAsync(wanted, authenticated, Context, Context);
                var user = authenticated.Principal ?? Context.User;
                return (user.Identities.Any(identity => identity.IsAuthenticated) ? user : null, decided.Succeeded);
            });

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => RefuseAsync(PolicyAuthorizationResult.Challenge());

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => RefuseAsync(PolicyAuthorizationResult.Forbid());

    private Task RefuseAsync(PolicyAuthorizationResult refused) =>
        AppRequest
            .Of(Context)
            .AsTheAppAsync(async () =>
            {
                var heard = Context.RequestServices.GetRequiredService<IAuthorizationMiddlewareResultHandler>();
                await heard.HandleAsync(_ => Task.CompletedTask, Context, await PolicyAsync(Policy), refused);
                return true;
            });

    private async Task<AuthorizationPolicy> PolicyAsync(string? name)
    {
        var policies = Context.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>();
        return name is null
            ? await policies.GetDefaultPolicyAsync()
            : await policies.GetPolicyAsync(name)
                ?? throw new InvalidOperationException($"MapReminders names the policy '{name}', and the app has none of that name.");
    }

    /// <summary>A cookie goes along with what another site's page sends; a browser says that it is one.</summary>
    private bool IsFromElsewhere()
    {
        if (HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method) || HttpMethods.IsOptions(Request.Method))
        {
            return false;
        }

        return Request.Headers["Sec-Fetch-Site"] is [{ } site]
            ? site is not ("same-origin" or "none")
            : Request.Headers[HeaderNames.Origin] is [{ } origin]
                && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == Request.Host.Value);
    }
}

/// <summary>Recruiters and operators, by the policies that <see cref="RemindersMapping"/> names.</summary>
internal sealed class AppStaff(
    RemindersMapping mapping,
    IOptionsMonitor<AppSignInOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AppSignIn(options, logger, encoder)
{
    public new const string Scheme = "AppStaff";

    protected override string? Policy => mapping.RecruiterPolicy ?? mapping.OperatorPolicy;

    protected override async Task<AuthenticateResult> SignInAsync()
    {
        var (user, operates) = mapping.OperatorPolicy is { } operators ? await WhoIsItAsync(operators) : default;
        var recruits = false;
        if (!operates && mapping.RecruiterPolicy is { } recruiters)
        {
            (user, recruits) = await WhoIsItAsync(recruiters);
        }

        if (user is null)
        {
            return AuthenticateResult.NoResult();
        }

        var owner = mapping.Owner?.Invoke(user) ?? "";
        if (owner.Length > 100)
        {
            return AuthenticateResult.Fail(new NotLetInException("problem.long_owner"));
        }

        // Somebody whom no policy lets in is known, and may do nothing.
        var scopes =
            operates ? ApiScopes.Of(ApiRole.Operator)
            : recruits ? ApiScopes.Of(ApiRole.Recruiter)
            : [];
        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.Name, mapping.NameOf(user)),
                new(Policies.Owner, owner),
                .. scopes.Select(scope => new Claim(Policies.Scope, scope)),
            ],
            Scheme
        );
        return AuthenticateResult.Success(new(new(identity), Scheme));
    }
}

/// <summary>The app's users at their own inbox.</summary>
internal sealed class AppPerson(
    RemindersMapping mapping,
    AccessTokens tokens,
    IOptionsMonitor<AppSignInOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AppSignIn(options, logger, encoder)
{
    public new const string Scheme = "AppPerson";

    protected override string? Policy => null;

    protected override async Task<AuthenticateResult> SignInAsync()
    {
        if (
            await WhoIsItAsync(Policy) is not ({ } user, true)
            || mapping.Recipient?.Invoke(user) is not { Length: > 0 and <= 200 } reference
        )
        {
            return AuthenticateResult.NoResult();
        }

        if (await tokens.PersonAsync(mapping.Owner?.Invoke(user) ?? "", reference, Context.RequestAborted) is not { } recipient)
        {
            return AuthenticateResult.Fail(new NotLetInException("problem.unknown_person"));
        }

        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, reference), new(ClaimTypes.NameIdentifier, recipient.ToString(CultureInfo.InvariantCulture))],
            AccessTokenHandler.Scheme
        );
        return AuthenticateResult.Success(new(new(identity), Scheme));
    }
}
