using Microsoft.AspNetCore.Http;

namespace Reminders.Lab.Simulation;

/// <summary>
/// One call, and what the fault plan makes of it. Acceptance never depends on the client still being there: nothing cancels a
/// call once its body has been read.
/// </summary>
internal sealed class SpoiltCall<TReply>(HttpContext http, FaultDecision fault, TimeProvider time, CancellationToken stopping)
    where TReply : class
{
    /// <summary>Carries the call out, and says whether it took effect by what it returns.</summary>
    public required Func<Task<TReply>> Run { get; init; }

    public required Func<TReply, Task> Write { get; init; }

    /// <summary>The provider's own way to say 429.</summary>
    public required Func<FaultRule, Task> Refuse { get; init; }

    /// <summary>Notes that the client cannot know; null when nothing was carried out.</summary>
    public required Action<TReply?, FaultKind> Doubt { get; init; }

    public required Action<int> CountError { get; init; }

    public async Task PlayAsync()
    {
        // A doubt is noted before the client can notice: whoever reacts to the broken call finds it already there.
        switch (fault.Kind)
        {
            case FaultKind.CutBefore:
                Doubt(null, FaultKind.CutBefore);
                http.Abort();
                return;
            case FaultKind.BadGatewayBefore:
                Doubt(null, FaultKind.BadGatewayBefore);
                await WriteHtmlAsync(502, "502 Bad Gateway").ConfigureAwait(false);
                return;
            case FaultKind.TooManyRequests:
                await Refuse(fault.Rule!).ConfigureAwait(false);
                return;
        }

        var reply = await Run().ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        if (fault.Delay > TimeSpan.Zero && !await WaitAsync(fault.Delay, over.Token).ConfigureAwait(false))
        {
            Doubt(reply, fault.Kind ?? FaultKind.Delay);
            http.Abort();
            return;
        }

        if (fault.Hiding is { } hiding)
        {
            Doubt(reply, hiding);
        }

        switch (fault.Kind)
        {
            case FaultKind.DropReply:
                http.Abort();
                break;
            case FaultKind.BadGatewayAfter:
                await WriteHtmlAsync(502, "502 Bad Gateway").ConfigureAwait(false);
                break;
            case FaultKind.HtmlAfter:
                await WriteHtmlAsync(200, "Just a moment...").ConfigureAwait(false);
                break;
            case FaultKind.NeverAnswer:
                await WaitAsync(Timeout.InfiniteTimeSpan, over.Token).ConfigureAwait(false);
                http.Abort();
                break;
            default:
                await Write(reply).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>False when the client, or the simulator, was gone first.</summary>
    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken gone)
    {
        try
        {
            await Task.Delay(delay, time, gone).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task WriteHtmlAsync(int status, string title)
    {
        if (status != 200)
        {
            CountError(status);
        }

        await SimulatorServer.WriteAsync(http, status, "text/html", SimulatorJson.Html(title)).ConfigureAwait(false);
    }
}
