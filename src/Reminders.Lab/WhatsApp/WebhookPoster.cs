using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Reminders.Lab.WhatsApp;

/// <summary>
/// Posts to the webhook, signed: each body several times nearly at once, and each of these again until it is acknowledged with
/// 2xx, after 1 s, 2 s … up to a minute. Several webhooks stand for a load balancer: the copies go to one after the other.
/// </summary>
internal sealed class WebhookPoster(WhatsAppSimulatorOptions options, WhatsAppRecord record, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        }
    )
    {
        Timeout = options.WebhookTimeout,
    };

    private readonly ConcurrentDictionary<Task, byte> _posting = new();
    private readonly CancellationTokenSource _stop = new();
    private Uri[] _urls = [];
    private int _next = -1;

    /// <summary>Asks each whether it is the one, as Meta does before it posts anything. None takes the webhook away.</summary>
    /// <exception cref="InvalidOperationException">One did not repeat the challenge.</exception>
    public async Task SetAsync(Uri[] urls, CancellationToken cancellationToken)
    {
        foreach (var url in urls)
        {
            var challenge = RandomNumberGenerator.GetHexString(16);
            using var answer = await _http
                .GetAsync(
                    new Uri(
                        $"{url}?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(options.VerifyToken)}"
                    ),
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode || await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) != challenge)
            {
                throw new InvalidOperationException($"The webhook {url} did not repeat the challenge: HTTP {(int)answer.StatusCode}.");
            }
        }

        Volatile.Write(ref _urls, urls);
    }

    /// <summary>Completes when every copy is acknowledged, or at once without a webhook.</summary>
    /// <param name="name">For the record.</param>
    public Task PostAsync(string name, byte[] body)
    {
        var urls = Volatile.Read(ref _urls);
        return urls.Length == 0
            ? Task.CompletedTask
            : Task.WhenAll(
                Enumerable
                    .Range(0, options.Deliveries)
                    .Select(_ => DeliverAsync(name, urls[(Interlocked.Increment(ref _next) & int.MaxValue) % urls.Length], body))
            );
    }

    /// <summary>Owned by this object: it is waited for, or ended, when the simulator stops.</summary>
    public void Start(Func<CancellationToken, Task> work)
    {
        var task = Task.Run(async () =>
        {
            try
            {
                await work(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested) { }
        });
        _posting[task] = 0;
        task.ContinueWith(over => _posting.TryRemove(over, out _), TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_posting.Keys).ConfigureAwait(false);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task DeliverAsync(string name, Uri url, byte[] body)
    {
        for (var wait = TimeSpan.FromSeconds(1); ; wait = wait * 2 < LongestRetry ? wait * 2 : LongestRetry)
        {
            var status = await PostOnceAsync(url, body).ConfigureAwait(false);
            record.Add(new WebhookPost(name, url, status));
            if (status is >= 200 and < 300)
            {
                return;
            }

            await Task.Delay(wait, time, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<int> PostOnceAsync(Uri url, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Hub-Signature-256", Sign(options.AppSecret, body));
        try
        {
            using var response = await _http.SendAsync(request, _stop.Token).ConfigureAwait(false);
            return (int)response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || e is OperationCanceledException && !_stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static string Sign(string secret, byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
