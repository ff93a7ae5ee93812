using Reminders.Web.Keys;

namespace Reminders.Web.Console.Texts;

internal sealed partial class EnglishWords
{
    public override string ResetLoses => "Their sessions end when the code is used.";

    public override string DisableLoses(string login) => $"{login} can sign in no more. Their sessions end at once, on every node.";

    public override string EnableGives(string login) => $"{login} can sign in again, with the password they had.";

    public override string RevokeLoses(ApiKeyInfo key, TimeZoneInfo zone)
    {
        var used = key.LastUsedAt is { } at ? $"It was last used on {When(at, zone)}." : "It was never used.";
        return $"Whoever calls the API as {key.Name} (of {key.Owner}: {KeyScopes(key)}) is refused from the next request on, on every "
            + $"node, and for good. {used}";
    }

    public override string ApiKeys => "API keys";
    public override string NoKeys => "There is no key yet. An app needs one to call the API; make the first below.";
    public override string MakeKey => "Make a key";
    public override string KeyIs => "The key is shown once, now:";
    public override string KeyName => "Name";
    public override string KeyOwner => "Owner";
    public override string KeyOwnerHint => "The app or tenant whose bookings and people it finds. Left out: the key's own name.";
    public override string KeyMay => "May";

    public override string KeyScopes(ApiKeyInfo key) =>
        (key.Scopes.Contains(ApiScopes.Operate) ? Scope(ApiScopes.Operate) : string.Join(", ", key.Scopes.Select(Scope)))
        + (key.Recruiter is { } recruiter ? $" ({recruiter})" : "");

    public override string Scope(string scope) =>
        scope switch
        {
            ApiScopes.Bookings => "bookings of its owner",
            ApiScopes.RecruitersBookings => "bookings of one recruiter",
            ApiScopes.Notifications => "send notifications",
            ApiScopes.Recipients => "people and groups",
            ApiScopes.Tokens => "tokens for inboxes",
            ApiScopes.Operate => "everything, also of others",
            _ => scope,
        };

    public override string KeyRecruiterHint => "Then it finds that person's bookings and nothing else, whatever is ticked above.";
    public override string KeyDays => "Good for so many days; left out: until it is revoked";
    public override string DaysWrong => "The days should be a whole number, such as 90.";
    public override string LastUsed => "Last used";
    public override string NeverUsed => "never";
    public override string KeyState => "Good";
    public override string KeyStands => "until it is revoked";
    public override string KeyExpires => "until";
    public override string KeyRevoked => "revoked";
}
