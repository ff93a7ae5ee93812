using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Settings;

namespace Reminders.Web.Console.Accounts;

/// <summary>
/// A session of the console: a cookie that says which account, and the stamp that it had. Each request asks whether both are so still.
/// </summary>
internal static class SessionCookie
{
    public const string Scheme = "RemindersConsole";
    private const string Account = "reminders.account";
    private const string Stamp = "reminders.stamp";
    private const string Began = "began";
    private static readonly TimeSpan Idle = TimeSpan.FromHours(12);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static void Configure(CookieAuthenticationOptions options, InstallationName installation)
    {
        options.Cookie.Name = installation.In("reminders.console", ".");
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        (options.ExpireTimeSpan, options.SlidingExpiration) = (Idle, true);
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToLogin = async context =>
        {
            // A part of a page, or the live stream: nothing to send to another page.
            if (context.Request.Headers.ContainsKey(ConsolePages.PartHeader) || context.Request.Path.StartsWithSegments("/live"))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
            else
            {
                // Its own path only: where the console stands may be another place by then.
                var kept = context.HttpContext.RequestServices.GetRequiredService<Kept>();
                var to = HttpMethods.IsGet(context.Request.Method)
                    ? context.Request.Path + context.Request.QueryString
                    : await kept.AddressAsync(context.HttpContext) ?? "/";
                context.Response.Redirect($"{context.Request.PathBase}/sign-in?to={Uri.EscapeDataString(to)}");
            }
        };
    }

    public static Task BeginAsync(HttpContext context, SignedIn.Done account)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var properties = new AuthenticationProperties { IsPersistent = false };
        properties.Items[Began] = now.ToString("O", CultureInfo.InvariantCulture);
        return context.SignInAsync(
            Scheme,
            new(
                new ClaimsIdentity(
                    [new(Account, account.Id.ToString(CultureInfo.InvariantCulture)), new(Stamp, account.Stamp.ToString())],
                    Scheme
                )
            ),
            properties
        );
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var account =
            long.TryParse(context.Principal?.FindFirstValue(Account), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && Guid.TryParse(context.Principal.FindFirstValue(Stamp), out var stamp)
            && DateTimeOffset.TryParse(
                context.Properties.Items.TryGetValue(Began, out var began) ? began : null,
                CultureInfo.InvariantCulture,
                out var since
            )
            && now - since < Longest
                ? await context
                    .HttpContext.RequestServices.GetRequiredService<ConsoleAccounts>()
                    .FindAsync(id, stamp, context.HttpContext.RequestAborted)
                : null;
        if (account is null)
        {
            context.RejectPrincipal();
            return;
        }

        context.ReplacePrincipal(
            new(
                ConsoleClaims.Identity(
                    Scheme,
                    account.Login,
                    account.Role,
                    account.RecipientId,
                    account.Language,
                    account.Zone,
                    new Claim(Account, context.Principal!.FindFirstValue(Account)!),
                    new Claim(Stamp, context.Principal!.FindFirstValue(Stamp)!)
                )
            )
        );
    }

    /// <summary>Whether a session that was good still is.</summary>
    public static async Task<bool> IsGoodAsync(ClaimsPrincipal user, ConsoleAccounts accounts, CancellationToken cancellationToken) =>
        AccountId(user) is { } id && await accounts.FindAsync(id, Guid.Parse(user.FindFirstValue(Stamp)!), cancellationToken) is not null;

    /// <summary>Of the request's session; null where the app signs people in.</summary>
    public static long? AccountId(ClaimsPrincipal user) =>
        user.FindFirstValue(Account) is { } id ? long.Parse(id, CultureInfo.InvariantCulture) : null;
}
