using System.Security.Claims;

namespace Reminders.Web.Console;

/// <summary>Somebody who has signed in to the app, as the console knows them.</summary>
/// <param name="Name">What the ledger and the audit call them.</param>
/// <param name="Recruiter">The reference of the person whose bookings a recruiter sees; required for one.</param>
/// <param name="Owner">Whose that person is; empty for the installation's own.</param>
/// <param name="Language"><c>en</c> or <c>ru</c>. Default: as their browser asks.</param>
/// <param name="Zone">An IANA time zone. Default: the recruiter's own, or UTC.</param>
public sealed record ConsolePerson(
    string Name,
    ConsoleRole Role,
    string? Recruiter = null,
    string Owner = "",
    string? Language = null,
    string? Zone = null
);

/// <summary>How the console is opened, and what it says of itself. It opens to nobody unless one of the two ways is chosen.</summary>
public sealed class ConsoleMapping
{
    /// <summary>
    /// Who a user of the app is; null for somebody who may not come in. With it, <c>RequireAuthorization</c> of what
    /// <see cref="RemindersConsole.MapRemindersConsole"/> returns holds for every page, and the app's own sign-in is where people are sent.
    /// </summary>
    public Func<ClaimsPrincipal, ConsolePerson?>? Person { get; set; }

    /// <summary>Accounts of the engine's own, for an installation that has no sign-in. Default false.</summary>
    public bool OwnAccounts { get; set; }

    /// <summary>
    /// What stands at the top of each page, such as <c>Production</c>: people act on the wrong one by mistake. Default none.
    /// </summary>
    public string? Environment { get; set; }

    /// <summary>Which colour it stands on: <c>red</c>, <c>amber</c>, <c>green</c>, <c>blue</c>. Default <c>blue</c>.</summary>
    public string EnvironmentColour { get; set; } = "blue";

    internal static readonly string[] Colours = ["red", "amber", "green", "blue"];

    internal void Check()
    {
        if (OwnAccounts == Person is not null)
        {
            throw new InvalidOperationException(
                "MapRemindersConsole opens to nobody: set Person, which says who a user of the app is, or OwnAccounts = true for "
                    + "accounts of the engine's own. One of the two."
            );
        }

        if (!Colours.Contains(EnvironmentColour))
        {
            throw new InvalidOperationException(
                $"MapRemindersConsole: EnvironmentColour is '{EnvironmentColour}': it should be {string.Join(", ", Colours)}."
            );
        }
    }
}
