using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Reminders.Web.Console.Accounts;

/// <summary>Who somebody is in the console, however they signed in, and the policies that ask for it.</summary>
internal static class ConsoleClaims
{
    public const string Role = "reminders.role";
    public const string Recruiter = "reminders.recruiter";
    public const string Language = "reminders.language";
    public const string Zone = "reminders.zone";

    /// <summary>The name of the policy that lets in whoever has that role, or one that may more.</summary>
    public static string Policy(ConsoleRole role) => $"reminders.console.{role}";

    public static ClaimsIdentity Identity(
        string scheme,
        string name,
        ConsoleRole role,
        long? recruiter,
        string? language,
        string? zone,
        params Claim[] more
    )
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, name), new(Role, role.ToString()), .. more], scheme);
        Add(Recruiter, recruiter?.ToString(CultureInfo.InvariantCulture));
        Add(Language, language);
        Add(Zone, zone);
        return identity;

        void Add(string type, string? value)
        {
            if (value is not null)
            {
                identity.AddClaim(new(type, value));
            }
        }
    }

    public static void AddPolicies(AuthorizationBuilder policies, string scheme)
    {
        foreach (var role in Enum.GetValues<ConsoleRole>())
        {
            policies.AddPolicy(
                Policy(role),
                policy =>
                    policy
                        .AddAuthenticationSchemes(scheme)
                        .RequireAuthenticatedUser()
                        .RequireClaim(Role, Enum.GetValues<ConsoleRole>().Where(one => one >= role).Select(one => one.ToString()))
            );
        }
    }
}
