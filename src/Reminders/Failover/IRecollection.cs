namespace Reminders.Failover;

/// <summary>What this node remembers of one kind of work, and can put back where the database has lost it.</summary>
internal interface IRecollection
{
    /// <summary>Whether something is under way whose outcome is soon known, and worth waiting for.</summary>
    bool IsBusy { get; }

    /// <summary>The latest beginning of what has been forgotten again, by the database's clock; null while nothing has.</summary>
    DateTimeOffset? ForgottenUntil { get; }

    /// <summary>
    /// Puts back what began before the epoch and is missing. May be asked again: what is back already costs nothing, and what has
    /// ended since is put back with its end.
    /// </summary>
    Task<PutBack> PutBackAsync(int epoch, CancellationToken cancellationToken);
}

/// <param name="Count">What was missing and is back.</param>
/// <param name="Unplaced">What has nothing left to be put back to.</param>
internal readonly record struct PutBack(int Count, int Unplaced);

/// <summary>Keeps from being sent what a node that is gone may have sent.</summary>
internal interface IHolding
{
    /// <summary>Holds everything that was due by then and waits.</summary>
    Task<(long Occurrences, long Messages)> HoldAsync(DateTimeOffset until, string reason, CancellationToken cancellationToken);
}
