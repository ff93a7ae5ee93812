namespace Reminders.Lab.Simulation;

/// <summary>Lets a test wait until a record says what it waits for. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource? _change;

    public void Changed()
    {
        if (Volatile.Read(ref _change) is not null)
        {
            Interlocked.Exchange(ref _change, null)?.TrySetResult();
        }
    }

    /// <summary>Completes as soon as <paramref name="condition"/> holds; it is asked again after every change, never on a clock.</summary>
    /// <param name="patience">Real time, even when the simulator runs on another clock.</param>
    /// <param name="soFar">What had happened by then, for the exception.</param>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public async Task WaitForAsync(Func<bool> condition, TimeSpan patience, Func<string> soFar, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(patience);
        while (true)
        {
            // Taken before the condition is asked, so that a change in between is not missed.
            var change =
                _change
                ?? Interlocked.CompareExchange(ref _change, new(TaskCreationOptions.RunContinuationsAsynchronously), null)
                ?? _change;
            if (condition())
            {
                return;
            }

            if (change is null)
            {
                continue;
            }

            try
            {
                await change.Task.WaitAsync(bound.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"The awaited did not happen within {patience}. So far: {soFar()}.");
            }
        }
    }
}
