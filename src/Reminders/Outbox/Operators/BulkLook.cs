namespace Reminders.Outbox.Operators;

/// <summary>What is known of those that match, before a decision over them.</summary>
/// <param name="IsAll">Whether there are no others.</param>
/// <param name="Sample">Some of them, spread evenly: what becomes of these is tried out.</param>
internal sealed record BulkLook(int Count, bool IsAll, IReadOnlyList<long> Sample)
{
    /// <summary>How many are tried out at most.</summary>
    public const int Tried = 60;

    public static BulkLook Of(long[] ids, bool isAll)
    {
        var some = Math.Min(ids.Length, Tried);
        return new(ids.Length, isAll, [.. Enumerable.Range(0, some).Select(n => ids[(int)((long)n * ids.Length / some)])]);
    }
}
