namespace Reminders.Web.Keys;

/// <summary>What a key's bearer may do, each with what belongs to the key's owner.</summary>
public static class ApiScopes
{
    /// <summary>Create, approve, move, cancel and read the owner's own bookings.</summary>
    public const string Bookings = "bookings:own";

    /// <summary>The same with one recruiter's bookings: a key that is theirs has this scope and no other.</summary>
    public const string RecruitersBookings = "bookings:recruiter";

    /// <summary>Ask for notifications, close what they are about, and read what became of them.</summary>
    public const string Notifications = "notifications:send";

    /// <summary>Write and read the owner's people and groups; export and erase a person.</summary>
    public const string Recipients = "recipients:write";

    /// <summary>Issue and revoke the tokens with which the owner's people read their inbox.</summary>
    public const string Tokens = "tokens:issue";

    /// <summary>All of the others, for every owner's objects, and what operators do: held and dead messages, the audit.</summary>
    public const string Operate = "operate";

    /// <summary>All there are, in the order they are listed.</summary>
    public static IReadOnlyList<string> All { get; } = [Bookings, RecruitersBookings, Notifications, Recipients, Tokens, Operate];

    /// <summary>What a role is short for.</summary>
    public static IReadOnlyList<string> Of(ApiRole role) =>
        role switch
        {
            ApiRole.Recruiter => [Bookings, Notifications, Recipients, Tokens],
            ApiRole.Operator => [Bookings, Notifications, Recipients, Tokens, Operate],
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
        };
}

/// <summary>The usual sets of scopes by name.</summary>
public enum ApiRole
{
    /// <summary>An app: book, notify, keep its people and let them read their inbox. Its own objects only.</summary>
    Recruiter,

    /// <summary>All that a recruiter may, with every owner's objects, and decide about messages that are held or dead.</summary>
    Operator,
}
