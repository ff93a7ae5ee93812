using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Reminders.Words;

namespace Reminders.Channels.Http;

/// <summary>
/// POSTs a body, or asks, once over pooled HTTP/1.1 connections, and says which side of the first byte a failure fell on.
/// Never retries and never follows a redirect; see README.md in this folder. Safe for concurrent use.
/// </summary>
internal sealed class OnceHttp : IDisposable
{
    private readonly Direct _handler;

    /// <param name="provider">Any URL of the provider; only whether it is this machine matters.</param>
    public OnceHttp(Uri provider)
        : this(CreateHandler(provider)) { }

    internal OnceHttp(SocketsHttpHandler handler) => _handler = new Direct(handler);

    /// <summary>Sends <paramref name="body"/> once and disposes of it. Every failure of the network is a value.</summary>
    /// <param name="timeout">For the whole exchange, connecting and reading the reply included.</param>
    /// <param name="stop">Cancelled when the node stops; the outcome then still says whether bytes may have left.</param>
    /// <param name="mostReply">Bytes of the reply; what is larger is no whole reply.</param>
    public async Task<HttpOutcome> PostAsync(
        Uri uri,
        OnceJsonContent body,
        TimeSpan timeout,
        CancellationToken stop,
        AuthenticationHeaderValue? authorization = null,
        int mostReply = HttpReply.MaxBytes
    )
    {
        using var request = Request(HttpMethod.Post, uri, authorization);
        request.Content = body;
        return await ExchangeAsync(request, () => body.Started, timeout, mostReply, stop);
    }

    /// <summary>Asks once. What comes of it changes nothing at the provider, so a failure is simply no answer.</summary>
    public async Task<HttpOutcome> GetAsync(
        Uri uri,
        TimeSpan timeout,
        CancellationToken stop,
        AuthenticationHeaderValue? authorization = null
    )
    {
        using var request = Request(HttpMethod.Get, uri, authorization);
        return await ExchangeAsync(request, () => false, timeout, HttpReply.MaxBytes, stop);
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri uri, AuthenticationHeaderValue? authorization)
    {
        var request = new HttpRequestMessage(method, uri)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Authorization = authorization;
        return request;
    }

    private async Task<HttpOutcome> ExchangeAsync(
        HttpRequestMessage request,
        Func<bool> started,
        TimeSpan timeout,
        int mostReply,
        CancellationToken stop
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        try
        {
            using var response = await _handler.ExchangeAsync(request, limit.Token);
            return new HttpOutcome.Replied(await HttpReply.ReadAsync(response, mostReply, limit.Token));
        }
        catch (Exception e) when (started())
        {
            var (detail, code) = Describe(e, timeout, limit.IsCancellationRequested, stop.IsCancellationRequested);
            return new HttpOutcome.Unknown(detail, code);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            var (detail, code) = Describe(e, timeout, limit.IsCancellationRequested, stop.IsCancellationRequested);
            return new HttpOutcome.NotSent(detail, code);
        }
    }

    public void Dispose() => _handler.Dispose();

    internal static SocketsHttpHandler CreateHandler(Uri provider) =>
        new()
        {
            AllowAutoRedirect = false, // a redirected POST is a second POST
            UseCookies = false,
            UseProxy = !provider.IsLoopback, // HTTPS_PROXY is for the real provider, not for a simulator on this machine
            ConnectTimeout = TimeSpan.FromSeconds(5), // two SYN retries (1 s, 3 s), and most of the time left for the reply
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a change of DNS is noticed

            // A server that closes an idle connection while a request is on its way makes that message uncertain, and a
            // person has to look at it. Closing first, well below the usual 60–75 s of a gateway, avoids the race.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            MaxConnectionsPerServer = 256,

            // Null removes the handler's own activity, whose url.full tag would carry the path, and with it Telegram's token,
            // to every trace exporter; it also keeps our trace ids from the provider. The dispatcher has its own span.
            ActivityHeadersPropagator = null,
        };

    private static (string Detail, string? Code) Describe(Exception e, TimeSpan timeout, bool ended, bool stopped)
    {
        if (stopped)
        {
            return Ours(Reasons.Of("node_stopped"));
        }
        if (ended)
        {
            return Ours(Reasons.Of("no_reply", timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)));
        }
        var cause = e.GetBaseException().Message;
        return (
            e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var kind } ? $"{kind}: {cause}" : cause,
            null
        );
    }

    private static (string Detail, string? Code) Ours(string code) => (Wording.English.Reason(code)!, code);

    /// <summary>
    /// Calls the handler without HttpClient or HttpMessageInvoker: both announce each request's path to the
    /// System.Net.Http event source, and Telegram's token is part of the path.
    /// </summary>
    private sealed class Direct(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            SendAsync(request, cancellationToken);
    }
}
