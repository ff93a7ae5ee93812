using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <param name="Secret">Empty for none.</param>
internal sealed record WebhookTarget(string Url, string Secret, int MaxConnections);

/// <summary>
/// Carries updates to the bot's own server. In order per key (a person's presses, a chat's messages), in parallel across
/// keys. Only 2xx acknowledges; the first retry is at once, then 2 s, 4 s … up to 60 s, or what Retry-After asks.
/// </summary>
internal sealed class WebhookDelivery : IAsyncDisposable
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly UpdateQueue _queue;
    private readonly TimeProvider _time;
    private readonly Func<BotArguments, Task> _runReply;
    private readonly HttpClient _http;
    private Line? _line;

    /// <param name="runReply">Carries out a method that the bot put into its answer.</param>
    public WebhookDelivery(UpdateQueue queue, TimeProvider time, TimeSpan timeout, Func<BotArguments, Task> runReply)
    {
        _queue = queue;
        _time = time;
        _runReply = runReply;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
            }
        )
        {
            Timeout = timeout,
        };
        queue.Pushed += update =>
        {
            lock (_gate)
            {
                Enqueue(update);
            }
        };
    }

    public WebhookTarget? Target => Volatile.Read(ref _line)?.Target;

    /// <summary>The last failed delivery since the webhook was set.</summary>
    public (DateTimeOffset At, string Message)? LastError { get; private set; }

    /// <summary>Null takes the webhook away. Deliveries of the former one are given up, and their updates wait on.</summary>
    public async Task SetAsync(WebhookTarget? target)
    {
        Line? former;
        lock (_gate)
        {
            former = _line;
            LastError = null;
            Volatile.Write(ref _line, target is null ? null : new Line(target));
            foreach (var update in target is null ? [] : _queue.Pending())
            {
                Enqueue(update);
            }
        }

        if (former is not null)
        {
            await former.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await SetAsync(null).ConfigureAwait(false);
        _http.Dispose();
    }

    private void Enqueue(Update update)
    {
        // An update pushed while the backlog was being read comes twice: once from each side.
        if (_line is not { } line || update.Id <= line.LastId)
        {
            return;
        }

        line.LastId = update.Id;
        if (line.Waiting.TryGetValue(update.OrderKey, out var waiting))
        {
            waiting.Enqueue(update);
            return;
        }

        line.Waiting.Add(update.OrderKey, new Queue<Update>([update]));
        line.Workers[update.OrderKey] = Task.Run(() => DrainAsync(line, update.OrderKey));
    }

    private async Task DrainAsync(Line line, long key)
    {
        try
        {
            while (true)
            {
                Update update;
                lock (_gate)
                {
                    if (!line.Waiting[key].TryPeek(out update!))
                    {
                        line.Waiting.Remove(key);
                        line.Workers.TryRemove(key, out _);
                        return;
                    }
                }

                await DeliverAsync(line, update).ConfigureAwait(false);
                _queue.Forget(update.Id);
                lock (_gate)
                {
                    line.Waiting[key].Dequeue();
                }
            }
        }
        catch (OperationCanceledException) when (line.Stopping.IsCancellationRequested) { }
    }

    /// <summary>Returns when the update is acknowledged, or its time is up.</summary>
    private async Task DeliverAsync(Line line, Update update)
    {
        for (var failures = 1; _time.GetUtcNow() <= update.ExpiresAt; failures++)
        {
            await line.Connections.WaitAsync(line.Stopping).ConfigureAwait(false);
            var askedFor = TimeSpan.Zero;
            try
            {
                var error = await PostAsync(line, update).ConfigureAwait(false);
                if (error.Message is null)
                {
                    return;
                }

                askedFor = error.RetryAfter;
                lock (_gate)
                {
                    LastError = _line == line ? (_time.GetUtcNow(), error.Message) : LastError;
                }
            }
            finally
            {
                line.Connections.Release();
            }

            var delay =
                askedFor > TimeSpan.Zero ? askedFor
                : failures == 1 ? TimeSpan.Zero
                : TimeSpan.FromSeconds(Math.Min(LongestRetry.TotalSeconds, Math.Pow(2, failures - 1)));
            if (_time.GetUtcNow() + delay > update.ExpiresAt)
            {
                return;
            }

            await Task.Delay(delay, _time, line.Stopping).ConfigureAwait(false);
        }
    }

    private async Task<(string? Message, TimeSpan RetryAfter)> PostAsync(Line line, Update update)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, line.Target.Url);
        request.Content = new ByteArrayContent(SimulatorJson.Of(static (w, u) => u.Write(w), update));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (line.Target.Secret.Length > 0)
        {
            request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", line.Target.Secret);
        }

        try
        {
            using var response = await _http.SendAsync(request, line.Stopping).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                return (
                    $"Wrong response from the webhook: {(int)response.StatusCode} {response.ReasonPhrase}",
                    response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero
                );
            }

            var body = await response.Content.ReadAsByteArrayAsync(line.Stopping).ConfigureAwait(false);
            if (body is [(byte)'{', ..])
            {
                var arguments = new BotArguments();
                arguments.AddJson(body);
                await _runReply(arguments).ConfigureAwait(false);
            }

            return (null, TimeSpan.Zero);
        }
        catch (HttpRequestException e)
        {
            return (
                e.HttpRequestError == HttpRequestError.ConnectionError ? "Connection refused" : "Webhook connection closed",
                TimeSpan.Zero
            );
        }
        catch (OperationCanceledException) when (!line.Stopping.IsCancellationRequested)
        {
            return ("Read timeout expired", TimeSpan.Zero);
        }
    }

    /// <summary>One setWebhook's worth of deliveries. Guarded by the gate of its owner.</summary>
    private sealed class Line(WebhookTarget target) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public WebhookTarget Target => target;

        public SemaphoreSlim Connections { get; } = new(target.MaxConnections);

        public Dictionary<long, Queue<Update>> Waiting { get; } = [];

        public ConcurrentDictionary<long, Task> Workers { get; } = new();

        public int LastId { get; set; }

        public CancellationToken Stopping => _stop.Token;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(Workers.Values).ConfigureAwait(false);
        }
    }
}
