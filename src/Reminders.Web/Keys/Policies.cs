using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Reminders.Web.Keys;

/// <summary>
/// Who may do what over the API: a policy per scope. They name their scheme, so that a host's own sign-in stays its default.
/// Whose objects they may do it with is asked in the commands.
/// </summary>
internal static class Policies
{
    /// <summary>The claim that holds one of the key's scopes.</summary>
    public const string Scope = "scope";

    /// <summary>The claim that holds the ledger's number of the recruiter whose key it is.</summary>
    public const string RecruiterId = "reminders.recruiter_id";

    /// <summary>The claim that holds whose key it is.</summary>
    public const string Owner = "reminders.owner";

    public const string Bookings = Prefix + ApiScopes.Bookings;
    public const string Notifications = Prefix + ApiScopes.Notifications;
    public const string Recipients = Prefix + ApiScopes.Recipients;
    public const string Tokens = Prefix + ApiScopes.Tokens;

    /// <summary>May also decide about messages that are held or dead, and touch every owner's objects.</summary>
    public const string Operator = Prefix + ApiScopes.Operate;

    /// <summary>Whoever has any scope: the door of the whole API. Each endpoint behind it demands one by name.</summary>
    public const string Recruiter = "reminders.recruiter";

    /// <summary>A person, who may read their own inbox.</summary>
    public const string User = "reminders.user";

    private const string Prefix = "reminders.scope.";

    /// <summary>The scope that a policy demands; null for one that demands none.</summary>
    public static string? ScopeOf(string? policy) =>
        policy?.StartsWith(Prefix, StringComparison.Ordinal) == true ? policy[Prefix.Length..] : null;

    /// <summary>The scopes that an endpoint demands, all of them.</summary>
    public static IReadOnlyList<string> ScopesOf(IEnumerable<object> metadata) =>
        [.. metadata.OfType<IAuthorizeData>().Select(needed => ScopeOf(needed.Policy)).OfType<string>().Distinct()];

    public static IServiceCollection AddApiKeys(this IServiceCollection services, RemindersMapping mapping)
    {
        services.AddSingleton<ApiKeys>();
        services
            .AddAuthentication()
            .AddScheme<AppSignInOptions, AppStaff>(AppStaff.Scheme, null)
            .AddScheme<ApiKeyOptions, ApiKeyHandler>(
                ApiKeyHandler.Scheme,
                options =>
                    options.ForwardDefaultSelector = context =>
                        mapping.KnowsStaff && !Bears(context, ApiKeys.Prefix) ? AppStaff.Scheme : null
            );
        var policies = services.AddAuthorizationBuilder().AddPolicy(Recruiter, policy => AnyOf(policy, ApiScopes.All));
        foreach (var scope in ApiScopes.All)
        {
            // Whose bookings they are is asked in the commands.
            string[] enough =
                scope == ApiScopes.Bookings ? [scope, ApiScopes.RecruitersBookings, ApiScopes.Operate] : [scope, ApiScopes.Operate];
            policies.AddPolicy(Prefix + scope, policy => AnyOf(policy, enough));
        }

        return services;
    }

    public static IServiceCollection AddAccessTokens(this IServiceCollection services, RemindersMapping mapping)
    {
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SocketTickets>();
        services
            .AddAuthentication()
            .AddScheme<AppSignInOptions, AppPerson>(AppPerson.Scheme, null)
            .AddScheme<AccessTokenOptions, AccessTokenHandler>(
                AccessTokenHandler.Scheme,
                options =>
                    // What opens a socket has a ticket, whoever got it: a cookie would go along from any site's page.
                    options.ForwardDefaultSelector = context =>
                        mapping.Recipient is not null
                        && !Bears(context, AccessTokens.Prefix)
                        && context.GetEndpoint()?.Metadata.GetMetadata<OpensSocket>() is null
                            ? AppPerson.Scheme
                            : null
            );
        services
            .AddAuthorizationBuilder()
            .AddPolicy(User, policy => policy.AddAuthenticationSchemes(AccessTokenHandler.Scheme).RequireAuthenticatedUser());
        return services;
    }

    /// <summary>Whether it comes with a secret of the engine's own, or with none that could be one.</summary>
    private static bool Bears(HttpContext context, string prefix) =>
        context.Request.Headers.Authorization is [{ } value] && value.StartsWith($"Bearer {prefix}", StringComparison.OrdinalIgnoreCase);

    private static void AnyOf(AuthorizationPolicyBuilder policy, IEnumerable<string> scopes) =>
        policy.AddAuthenticationSchemes(ApiKeyHandler.Scheme).RequireAuthenticatedUser().RequireClaim(Scope, scopes);
}
