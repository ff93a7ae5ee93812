using Reminders.Channels;

namespace Reminders.Settings;

/// <summary>
/// This process in the cluster's tables: leases, firings, attempts. Unique per process, so that a restarted node is
/// never mistaken for its predecessor and cannot settle what that one claimed.
/// </summary>
public sealed record NodeName
{
    // Quartz's column takes 200; lists that people read should stay lists.
    private const int Longest = 60;

    /// <param name="name">What operators call the machine; a long one is cut, because a host may have 64 letters.</param>
    public NodeName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        name = OutsideText.Clean(name.Trim(), Longest);
        Value = $"{name}-{Guid.NewGuid().ToString("N")[..6]}";
    }

    /// <summary>The name with its random suffix.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
