namespace Reminders.Lab.Bench;

/// <summary>Where a burst arrives.</summary>
internal interface IBurstReceiver : IAsyncDisposable
{
    /// <summary>What the nodes are told, as variables, to send there.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The statement that says what became of the burst, and when.</summary>
    string Measure => "Bench/Sql/measure.sql";

    /// <summary>The nodes are up.</summary>
    Task ConnectAsync(BenchCluster cluster);

    /// <summary>What has arrived, counted where it did; null where that cannot be asked.</summary>
    Task<Arrivals?> CountAsync(CancellationToken cancellationToken);
}

/// <param name="Reminders">Different ones: each candidate has a slot of their own, so the same text twice is one reminder twice.</param>
/// <param name="Duplicates">Arrivals of what somebody had already.</param>
internal sealed record Arrivals(long Reminders, long Duplicates)
{
    public static Arrivals Of<T>(IReadOnlyCollection<T> all)
    {
        var different = all.Distinct().LongCount();
        return new(different, all.Count - different);
    }
}
