using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Reminders.Channels;

namespace Reminders.Events;

/// <summary>What became of a call.</summary>
/// <param name="Trouble">Null where it was taken.</param>
/// <param name="After">How long the receiver asked to be left alone.</param>
/// <param name="IsGone">It says that it is not there any more.</param>
internal readonly record struct WebhookOutcome(string? Trouble, TimeSpan? After = null, bool IsGone = false);

/// <summary>
/// Posts one event. Redirects are not followed, so that a receiver leads nowhere else; of a reply no more than its head is read. Every
/// failure is a value: an event is told at least once, so there is no doubt to keep.
/// </summary>
internal sealed class WebhookCall : IDisposable
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    private readonly HttpMessageInvoker _http;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly byte[][] _keys;

    public WebhookCall(WebhookOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _keys = [.. options.Secrets.Select(secret => WebhookSignature.KeyOf(secret)!)];
        _http = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = options.Timeout,
                MaxConnectionsPerServer = options.InFlight,
                MaxResponseHeadersLength = 16,
                MaxResponseDrainSize = 4096,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                ActivityHeadersPropagator = null,
            }
        );
    }

    public async Task<WebhookOutcome> PostAsync(WebhookEvent told, CancellationToken stop)
    {
        var body = told.ToJson();
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Reminders", null));
        request.Headers.Add("webhook-id", told.Id);
        request.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(_keys, told.Id, now, body));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var reply = await _http.SendAsync(request, limit.Token);
            return Of(reply);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new($"no reply within {_options.Timeout}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new(OutsideText.Clean(exception.Message));
        }
    }

    private WebhookOutcome Of(HttpResponseMessage reply)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"{(int)reply.StatusCode} {reply.StatusCode}");
        return (int)reply.StatusCode switch
        {
            >= 200 and < 300 => new(null),
            >= 300 and < 400 => new($"{code}: redirects are not followed"),
            (int)HttpStatusCode.Gone => new(code, IsGone: true),
            _ => new(code, After(reply.Headers.RetryAfter)),
        };
    }

    private TimeSpan? After(RetryConditionHeaderValue? asked) =>
        (asked?.Delta ?? (asked?.Date is { } date ? date - _time.GetUtcNow() : null)) is not { } wait || wait <= TimeSpan.Zero ? null
        : wait < LongestRest ? wait
        : LongestRest;

    public void Dispose() => _http.Dispose();
}
