using System.Net.WebSockets;
using System.Text.Json;
using Reminders.Inbox;

namespace Reminders.Web.Inbox;

/// <summary>One client's live connection: one loop sends what the feed has, one hears when the client leaves.</summary>
internal sealed class LiveSocket(
    WebSocket socket,
    InboxSubscription subscription,
    byte[] tokenHash,
    InboxOptions options,
    InboxMetrics metrics,
    TimeProvider time
)
{
    // Continuations elsewhere: whoever ends it, such as the thread that stops the host, has others to end.
    private readonly TaskCompletionSource<SocketEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] TokenHash => tokenHash;

    public long Recipient => subscription.Recipient;

    /// <summary>The first who calls says why.</summary>
    public void End(SocketEnd why)
    {
        if (_end.TrySetResult(why) && why == SocketEnd.TooSlow)
        {
            metrics.FoundSlow();
        }
    }

    public async Task<SocketEnd> RunAsync(CancellationToken nodeStops)
    {
        using var stop = new CancellationTokenSource();
        await using var stopping = nodeStops.Register(() => End(SocketEnd.NodeStops));
        var (receiving, sending) = (ReceiveAsync(), SendAsync(stop.Token));
        var why = await _end.Task;
        await stop.CancelAsync();
        try
        {
            if (why != SocketEnd.Lost)
            {
                await SayFarewellAsync(why, sending, receiving).WaitAsync(options.CloseTimeout, time);
            }
        }
        catch (Exception exception) when (exception is TimeoutException or WebSocketException or OperationCanceledException)
        {
            // It did not take the word in time, or is gone.
        }
        socket.Abort();
        await Task.WhenAll(receiving, sending);
        return why;
    }

    private async Task SayFarewellAsync(SocketEnd why, Task sending, Task receiving)
    {
        // A message that has begun is finished first: a close frame cannot stand in the middle of one.
        await sending;
        await socket.CloseOutputAsync(why.Status, why.Reason, CancellationToken.None);
        await receiving;
    }

    private async Task SendAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var item in subscription.ReadAllAsync(stop))
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(NotificationView.Of(item, options), JsonSerializerOptions.Web);
                // Never cancelled: that would cut the line, where the client should hear why.
                var sent = socket.SendAsync(json, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                if (!sent.IsCompleted)
                {
                    await IntimeAsync(sent);
                }

                await sent;
                metrics.Pushed();
            }
        }
        catch (OperationCanceledException) { }
        catch (WebSocketException)
        {
            End(SocketEnd.Lost);
        }
    }

    private async Task IntimeAsync(Task sent)
    {
        try
        {
            await sent.WaitAsync(options.SendTimeout, time);
        }
        catch (TimeoutException)
        {
            End(SocketEnd.TooSlow);
        }
    }

    // What a client says has no meaning here, but pongs and its farewell are only heard by reading.
    private async Task ReceiveAsync()
    {
        var buffer = new byte[512];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close) { }
            End(SocketEnd.Left);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            End(SocketEnd.Lost);
        }
    }
}
