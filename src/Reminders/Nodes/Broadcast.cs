namespace Reminders.Nodes;

/// <summary>Wakes whoever waits for it, all of them. Where nobody does, it is forgotten.</summary>
internal sealed class Broadcast
{
    private TaskCompletionSource _next = New();

    /// <summary>Over at the next <see cref="Set"/>; to be taken before looking at what may change.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    // Not on the listener's own thread: those that wait are pages.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
