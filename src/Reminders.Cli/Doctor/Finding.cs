namespace Reminders.Cli.Doctor;

internal enum Health
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Somebody should look; nothing is broken.</summary>
    Attention,

    /// <summary>Reminders are late, doubled or stuck, or will be.</summary>
    Bad,
}

/// <summary>One sentence about one thing, and what to do where something is to be done.</summary>
internal sealed record Finding(Health Health, string About, string Says)
{
    public static Finding Good(string about, string says) => new(Health.Good, about, says);

    public static Finding Attention(string about, string says) => new(Health.Attention, about, says);

    public static Finding Bad(string about, string says) => new(Health.Bad, about, says);
}
