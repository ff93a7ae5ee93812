using System.Net.WebSockets;
using System.Threading.Channels;

namespace Reminders.Lab.Bench;

/// <param name="Latency">From the moment the commit is asked for, so with its flush to disk, until the client has the message.</param>
internal sealed record PushResult(PushSettings Settings, Latency Latency);

internal sealed record PushSettings(int Sockets, int Nodes, int Commits);

/// <summary>
/// Many people's live connections over all nodes, and items written by a session of its own: what a socket gets was written
/// on no node that it is connected to.
/// </summary>
internal sealed class PushBench(BenchCluster cluster, PushSettings settings, TimeProvider time)
{
    private const int Named = 5;
    private const int WarmUp = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<PushResult> RunAsync(CancellationToken cancellationToken)
    {
        var inboxes = new BenchInboxes(cluster.Database);
        var owners = await inboxes.CreateOwnersAsync(settings.Sockets, cancellationToken);
        await inboxes.CreateTicketsAsync(settings.Commits + WarmUp, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clients = new List<Client>();
        try
        {
            foreach (var owner in owners)
            {
                clients.Add(
                    await Client.ConnectAsync(cluster.Nodes[clients.Count % cluster.Nodes.Count].Address, owner, time, ended.Token)
                );
            }

            var samples = new List<TimeSpan>();
            await using var connection = await cluster.Database.OpenConnectionAsync(cancellationToken);
            for (var n = 1; n <= settings.Commits + WarmUp; n++)
            {
                var told = Random.Shared.GetItems<Client>([.. clients], Named).Distinct().ToArray();
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await using var write = BenchInboxes.Write(connection, told.Select(client => client.Owner), n, n);
                await write.ExecuteNonQueryAsync(cancellationToken);
                var began = time.GetTimestamp();
                await transaction.CommitAsync(cancellationToken);
                foreach (var client in told)
                {
                    var arrived = await client.Arrivals.ReadAsync(cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
                    if (n > WarmUp)
                    {
                        samples.Add(time.GetElapsedTime(began, arrived));
                    }
                }
            }
            return new(settings, Latency.Of(samples));
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        }
    }

    private sealed class Client : IAsyncDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private readonly Channel<long> _arrivals = Channel.CreateUnbounded<long>();
        private Task _reading = Task.CompletedTask;

        private Client(InboxOwner owner) => Owner = owner;

        public InboxOwner Owner { get; }

        /// <summary>When each message had come, by the harness's own clock.</summary>
        public ChannelReader<long> Arrivals => _arrivals.Reader;

        public static async Task<Client> ConnectAsync(Uri node, InboxOwner owner, TimeProvider time, CancellationToken cancellationToken)
        {
            var client = new Client(owner);
            client._socket.Options.SetRequestHeader("Authorization", $"Bearer {owner.Token}");
            await client._socket.ConnectAsync(new Uri($"ws://{node.Authority}/ws/notifications/"), cancellationToken);
            client._reading = client.ReadAsync(time, cancellationToken);
            return client;
        }

        public async ValueTask DisposeAsync()
        {
            await _reading;
            _socket.Dispose();
        }

        private async Task ReadAsync(TimeProvider time, CancellationToken cancellationToken)
        {
            var buffer = new byte[8 * 1024];
            try
            {
                while (await _socket.ReceiveAsync(buffer, cancellationToken) is { MessageType: not WebSocketMessageType.Close } part)
                {
                    if (part.EndOfMessage)
                    {
                        _arrivals.Writer.TryWrite(time.GetTimestamp());
                    }
                }
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException) { }
            _arrivals.Writer.TryComplete();
        }
    }
}
