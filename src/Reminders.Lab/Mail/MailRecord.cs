using System.Collections.Concurrent;
using System.Globalization;

namespace Reminders.Lab.Mail;

/// <summary>
/// The judge: every mail that arrived, in order, and every doubt that was injected. A mail is here exactly when its
/// recipients have it, whatever the sender was told. Thread-safe; lists are snapshots.
/// </summary>
public sealed class MailRecord
{
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly ConcurrentQueue<MailDoubt> _doubts = new();
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;
    private int _open;
    private int _refusals;

    public IReadOnlyList<ReceivedMail> Mails => [.. _mails];

    /// <summary>How many mails arrived. Cheap, unlike <see cref="Mails"/>.</summary>
    public int MailCount => _mails.Count;

    /// <summary>The injected faults after which the sender could not know.</summary>
    public IReadOnlyList<MailDoubt> Doubts => [.. _doubts];

    /// <summary>Connections taken so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections that stand now.</summary>
    public int OpenConnections => Volatile.Read(ref _open);

    /// <summary>Answers of 4yz or 5yz, injected ones included.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    public IReadOnlyList<ReceivedMail> MailsTo(string address) =>
        [.. _mails.Where(mail => mail.To.Contains(address, StringComparer.OrdinalIgnoreCase))];

    /// <summary>Completes as soon as <paramref name="condition"/> holds; it is asked again after every change, never on a clock.</summary>
    /// <param name="patience">Real time, even when the sink runs on another clock.</param>
    /// <exception cref="TimeoutException">It did not hold in time; the message says what had arrived.</exception>
    public async Task WaitForAsync(Func<MailRecord, bool> condition, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(patience);
        while (true)
        {
            Task change;
            lock (_gate)
            {
                change = _change.Task; // before the condition is asked, so that a change in between is not missed
            }

            if (condition(this))
            {
                return;
            }

            try
            {
                await change.WaitAsync(bound.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The awaited did not happen within {patience}. So far: {MailCount} mails, {_doubts.Count} doubts, "
                            + $"{Refusals} refusals on {Connections} connections."
                    )
                );
            }
        }
    }

    /// <summary>Forgets everything that arrived.</summary>
    public void Clear()
    {
        _mails.Clear();
        _doubts.Clear();
        Changed();
    }

    internal void Add(ReceivedMail mail)
    {
        _mails.Enqueue(mail);
        Changed();
    }

    internal void Add(MailDoubt doubt)
    {
        _doubts.Enqueue(doubt);
        Changed();
    }

    internal void Refused()
    {
        Interlocked.Increment(ref _refusals);
        Changed();
    }

    internal int Connected()
    {
        Interlocked.Increment(ref _open);
        var number = Interlocked.Increment(ref _connections);
        Changed();
        return number;
    }

    internal void Closed()
    {
        Interlocked.Decrement(ref _open);
        Changed();
    }

    private void Changed()
    {
        TaskCompletionSource change;
        lock (_gate)
        {
            (change, _change) = (_change, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        change.TrySetResult();
    }
}
