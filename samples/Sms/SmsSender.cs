using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Reminders.Channels;

namespace Sms;

/// <summary>Posts each message once to a gateway, and says honestly what became of it.</summary>
public sealed class SmsSender : ISender, IDisposable
{
    private static readonly HttpRequestError[] NobodyThere =
    [
        HttpRequestError.NameResolutionError,
        HttpRequestError.ConnectionError,
        HttpRequestError.SecureConnectionError,
    ];

    private readonly SmsOptions _options;

    // A connection of its own for each message: on a kept one that the gateway has just closed, the handler would by itself post
    // the same a second time. A redirect would post it elsewhere.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, AllowAutoRedirect = false });

    public SmsSender(SmsOptions options)
    {
        // Well below Outbox:SendLease: what comes later than that counts as in doubt already.
        (_options, _http.Timeout) = (options, TimeSpan.FromSeconds(10));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
    }

    public string Channel => SmsChannel.Traits.Name;

    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Operation == DeliveryOperation.Edit)
        {
            return new SendResult.Rejected("a text message cannot be changed once it is sent");
        }

        var message = new Message(delivery.Address, _options.From, delivery.Text, delivery.StableId);
        try
        {
            using var reply = await _http.PostAsJsonAsync(_options.Url, message, cancellationToken);
            var (said, wait) = ($"the gateway answered {(int)reply.StatusCode}", reply.Headers.RetryAfter?.Delta ?? default);
            return reply.StatusCode switch
            {
                HttpStatusCode.OK => new SendResult.Sent((await reply.Content.ReadFromJsonAsync<Accepted>(cancellationToken))?.Id),
                HttpStatusCode.TooManyRequests => new SendResult.Throttled(wait, ThrottleScope.Unknown, said),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new SendResult.ChannelBroken(said),
                HttpStatusCode.BadRequest => new SendResult.Rejected(said),
                HttpStatusCode.NotFound => new SendResult.Unreachable(said),
                _ => new SendResult.Uncertain(said),
            };
        }
        // Nobody was there to take a byte.
        catch (HttpRequestException e) when (NobodyThere.Contains(e.HttpRequestError))
        {
            return new SendResult.NotDelivered(e.Message) { Unanswered = true };
        }
        // Whatever else happened, happened perhaps after the gateway had taken the message: a person decides, not a retry.
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or NotSupportedException)
        {
            return new SendResult.Uncertain(e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private sealed record Message(string To, string From, string Text, string? Reference);

    private sealed record Accepted(string? Id);
}
