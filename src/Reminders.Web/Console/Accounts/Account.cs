namespace Reminders.Web.Console.Accounts;

/// <summary>An account in a list.</summary>
/// <param name="Recruiter">The reference of the person that a recruiter is.</param>
internal sealed record ConsoleAccount(
    string Login,
    ConsoleRole Role,
    string? Recruiter,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? SeenAt,
    DateTimeOffset? DisabledAt
);

/// <summary>An account that is in a session.</summary>
internal sealed record LiveAccount(long Id, string Login, ConsoleRole Role, long? RecipientId, string? Language, string? Zone);

/// <summary>What became of a try to sign in.</summary>
internal abstract record SignedIn
{
    public sealed record Done(long Id, Guid Stamp) : SignedIn;

    /// <summary>No such login, or another password: the two are not told apart.</summary>
    public sealed record Refused : SignedIn;

    /// <summary>Too many failures; of nobody's login too.</summary>
    public sealed record Locked(TimeSpan Left) : SignedIn;
}
