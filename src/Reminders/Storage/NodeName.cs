namespace Reminders.Storage;

/// <summary>
/// This process in the cluster's tables: leases, firings, attempts. Unique per process, so that a restarted node is
/// never mistaken for its predecessor and cannot settle what that one claimed.
/// </summary>
public sealed record NodeName
{
    /// <param name="name">What operators call the machine, at most 60 characters.</param>
    public NodeName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, 60);
        Value = $"{name}-{Guid.NewGuid().ToString("N")[..6]}";
    }

    /// <summary>The name with its random suffix.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
