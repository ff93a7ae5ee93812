using System.Collections.Concurrent;
using System.Net;
using Reminders.Channels.Http;
using Failure = Reminders.Telegram.TelegramResult<object>;

namespace Reminders.Telegram;

/// <summary>
/// What Telegram.Bot posts through. It posts once, knows on which side of the first byte a failure fell (see Channels/Http/README.md of the
/// engine)
/// and judges every reply that is not a success. It alone knows the token: the library is given another, so that no message,
/// event or span of the library's or of HttpClient's can tell it.
/// </summary>
internal sealed class BotHandler(TelegramOptions options) : HttpMessageHandler
{
    private readonly OnceHttp _http = new(options.ApiBaseUrl);
    private readonly ConcurrentDictionary<string, Uri> _urls = new();
    private readonly string _prefix = $"{options.ApiBaseUrl.AbsoluteUri.TrimEnd('/')}/bot{options.BotToken}/";
    private readonly string _secret = options.BotToken[(options.BotToken.IndexOf(':') + 1)..];

    /// <exception cref="BotFailure">Telegram did not do it, or nobody can know.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Of the library's URL only the method counts: besides the token it has lost the path of the base URL.
        var asked = request.RequestUri!.OriginalString;
        var url = _urls.GetOrAdd(asked[(asked.LastIndexOf('/') + 1)..], method => new Uri(_prefix + method));
        var body = (OnceJsonContent)request.Content!;
        switch (await _http.PostAsync(url, body, body.Terms.Limit, body.Terms.Stop, mostReply: body.Terms.MostReply))
        {
            case HttpOutcome.Replied(var reply):
                using (reply)
                {
                    return BotReplies.FailureOf(reply) switch
                    {
                        null => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(ReplyJson.Fit(reply)) },
                        Failure.Error error => throw new BotFailure(error with { Description = WithoutToken(error.Description) }),
                        var failure => throw new BotFailure(failure),
                    };
                }
            case HttpOutcome.NotSent(var detail, var reason):
                throw new BotFailure(new Failure.NotSent(WithoutToken(detail), reason));
            case HttpOutcome.Unknown(var detail, var reason):
                throw new BotFailure(new Failure.Unknown(WithoutToken(detail), reason));
            case var other:
                throw new InvalidOperationException($"No such outcome: {other.GetType().Name}.");
        }
    }

    protected override void Dispose(bool disposing)
    {
        _http.Dispose();
        base.Dispose(disposing);
    }

    // The words of a server or a proxy are not ours, and may quote the path. A leaked token is for ever.
    private string WithoutToken(string text) => text.Replace(_secret, "<token>", StringComparison.Ordinal);
}

/// <summary>Brings a failure through the library, which wraps every exception in one of its own.</summary>
internal sealed class BotFailure(Failure result) : Exception
{
    public Failure Result => result;
}
