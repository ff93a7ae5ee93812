using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Reminders.Web.Keys;

/// <summary>Who may do what over the API. They name their scheme, so that a host's own sign-in stays its default.</summary>
internal static class Policies
{
    /// <summary>May book, and see what became of it.</summary>
    public const string Recruiter = "reminders.recruiter";

    /// <summary>May also decide about messages that are held or dead.</summary>
    public const string Operator = "reminders.operator";

    /// <summary>A person, who may read their own inbox.</summary>
    public const string User = "reminders.user";

    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>();
        services.AddAuthentication().AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, "API key", null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Recruiter, policy => Roles(policy, ApiRole.Recruiter, ApiRole.Operator))
            .AddPolicy(Operator, policy => Roles(policy, ApiRole.Operator));
        return services;
    }

    public static IServiceCollection AddAccessTokens(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SocketTickets>();
        services.AddAuthentication().AddScheme<AccessTokenOptions, AccessTokenHandler>(AccessTokenHandler.Scheme, "Access token", null);
        services.AddAuthorizationBuilder().AddPolicy(User, policy => policy
            .AddAuthenticationSchemes(AccessTokenHandler.Scheme)
            .RequireAuthenticatedUser());
        return services;
    }

    private static void Roles(AuthorizationPolicyBuilder policy, params ApiRole[] roles) => policy
        .AddAuthenticationSchemes(ApiKeyHandler.Scheme)
        .RequireAuthenticatedUser()
        .RequireRole(roles.Select(role => role.ToColumn()));
}
