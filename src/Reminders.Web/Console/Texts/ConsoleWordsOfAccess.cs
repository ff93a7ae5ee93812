using Reminders.Web.Keys;

namespace Reminders.Web.Console.Texts;

/// <summary>Accounts and keys: who may come in, and what somebody loses.</summary>
internal abstract partial class ConsoleWords
{
    public abstract string ResetLoses { get; }
    public abstract string DisableLoses(string login);
    public abstract string EnableGives(string login);
    public abstract string RevokeLoses(ApiKeyInfo key, TimeZoneInfo zone);
    public abstract string ApiKeys { get; }
    public abstract string NoKeys { get; }
    public abstract string MakeKey { get; }
    public abstract string KeyIs { get; }
    public abstract string KeyName { get; }
    public abstract string KeyOwner { get; }
    public abstract string KeyOwnerHint { get; }
    public abstract string KeyMay { get; }
    public abstract string KeyScopes(ApiKeyInfo key);
    public abstract string Scope(string scope);
    public abstract string KeyRecruiterHint { get; }
    public abstract string KeyDays { get; }
    public abstract string DaysWrong { get; }
    public abstract string LastUsed { get; }
    public abstract string NeverUsed { get; }
    public abstract string KeyState { get; }
    public abstract string KeyStands { get; }
    public abstract string KeyExpires { get; }
    public abstract string KeyRevoked { get; }
}
