using System.Security.Claims;

namespace Reminders.Web;

/// <summary>
/// How the app's own sign-in opens the engine's endpoints. Left as it is, only the engine's keys and tokens do; they open them in any case.
/// </summary>
public sealed class RemindersMapping
{
    /// <summary>
    /// The app's authorization policy for those who may book, notify and keep people. Default none. What they make belongs to the
    /// installation, unless <see cref="Owner"/> says otherwise.
    /// </summary>
    public string? RecruiterPolicy { get; set; }

    /// <summary>The app's policy for those who may also decide about held and dead messages, of every owner. Default none.</summary>
    public string? OperatorPolicy { get; set; }

    /// <summary>
    /// Who a signed-in user of the app is, by the reference that the engine knows them by: opens their own inbox. Null for somebody
    /// who has none. Default none.
    /// </summary>
    public Func<ClaimsPrincipal, string?>? Recipient { get; set; }

    /// <summary>Whose objects a recruiter works with, 1 to 100 characters. Default: the installation's, all of them the same.</summary>
    public Func<ClaimsPrincipal, string?>? Owner { get; set; }

    /// <summary>What the ledger and the audit call a user. Default: the identity's name, or the claim <c>sub</c>.</summary>
    public Func<ClaimsPrincipal, string?>? Name { get; set; }

    internal bool KnowsStaff => RecruiterPolicy is not null || OperatorPolicy is not null;

    internal string NameOf(ClaimsPrincipal user) =>
        (Name is null ? user.Identity?.Name ?? user.FindFirstValue("sub") ?? user.FindFirstValue(ClaimTypes.NameIdentifier) : Name(user))
            is { Length: > 0 } name
            ? name[..Math.Min(name.Length, 100)]
            : "app user";
}
