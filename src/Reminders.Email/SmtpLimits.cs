using System.Globalization;

namespace Reminders.Email;

/// <summary>The time a message has: once up to the final dot, and once more for the answer to it.</summary>
internal sealed class SmtpLimits : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _source;

    public SmtpLimits(TimeSpan timeout, CancellationToken stop)
    {
        (_timeout, _stop) = (timeout, stop);
        _source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _source.CancelAfter(timeout);
    }

    public CancellationToken Token => _source.Token;

    public bool Ended => _source.IsCancellationRequested;

    /// <summary>Begins the time for the answer.</summary>
    /// <exception cref="OperationCanceledException">The time up to the dot is over, so no dot may be written.</exception>
    public void BeginAnswer()
    {
        _source.CancelAfter(_timeout);
        _source.Token.ThrowIfCancellationRequested();
    }

    public string Describe() =>
        _stop.IsCancellationRequested
            ? "the node stopped"
            : string.Create(CultureInfo.InvariantCulture, $"no answer within {_timeout.TotalSeconds:0.###} s");

    public void Dispose() => _source.Dispose();
}
