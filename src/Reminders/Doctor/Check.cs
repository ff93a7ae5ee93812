namespace Reminders.Doctor;

internal enum DoctorDepth
{
    /// <summary>What can be seen within a second, however much there is: through indexes, and no further than anybody counts.</summary>
    Quick,

    /// <summary>Also what takes reading whole tables.</summary>
    Deep,
}

/// <summary>How far the look has come.</summary>
/// <param name="Check">What is looked at now.</param>
internal readonly record struct DoctorProgress(int Done, int Of, string Check);

/// <summary>One question, and how to find its answer.</summary>
/// <param name="Name">What it is about, in a word.</param>
/// <param name="Look">Called once. What it throws is a finding of its own.</param>
/// <param name="Bound">How long it may take.</param>
/// <param name="IsDeep">Whether it is left out where nobody asked for what takes long.</param>
internal sealed record Check(string Name, Func<CancellationToken, Task<IReadOnlyList<Finding>>> Look, TimeSpan Bound, bool IsDeep = false);

/// <summary>Whether a provider would take what this process sends, in its own word. Added by channels that are set up here.</summary>
internal interface IProviderCheck
{
    /// <summary>Whom it asks: the channel's name.</summary>
    string Provider { get; }

    /// <summary>Asks by calls that send nothing. Whatever the network does is a finding.</summary>
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken);
}
