using System.Text.Json;
using Reminders.Channels.Http;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Requests.Abstractions;

namespace Reminders.Telegram;

/// <summary>
/// The methods of the Bot API the engine uses (https://core.telegram.org/bots/api), over Telegram.Bot. Each call is one POST, never
/// repeated; what the network or Telegram did is in the result, and cancellation is too. Safe for concurrent use.
/// </summary>
internal sealed class TelegramClient : IDisposable
{
    // The library's; the real one is known to BotHandler alone.
    private const string NoToken = "1:token";

    private readonly TimeSpan _timeout;
    private readonly HttpClient _http;
    private readonly TelegramBotClient _bot;

    /// <exception cref="ArgumentException">The options are not valid; the message names each wrong setting.</exception>
    public TelegramClient(TelegramOptions options)
    {
        if (string.Join(' ', options.Validate()) is { Length: > 0 } problems)
        {
            throw new ArgumentException(problems, nameof(options));
        }
        _timeout = options.SendTimeout;
        _http = new HttpClient(new BotHandler(options)) { Timeout = Timeout.InfiniteTimeSpan }; // each call has its own
        _bot = new TelegramBotClient(new TelegramBotClientOptions(NoToken, options.ApiBaseUrl.AbsoluteUri) { RetryThreshold = 0 }, _http);
    }

    public Task<TelegramResult<SentMessage>> SendMessageAsync(SendMessageRequest request, CancellationToken stop) =>
        CallAsync<SentMessage>(request, _timeout, stop);

    /// <summary>Without a keyboard the message loses the one it has.</summary>
    public Task<TelegramResult<SentMessage>> EditMessageTextAsync(EditMessageTextRequest request, CancellationToken stop) =>
        CallAsync<SentMessage>(request, _timeout, stop);

    /// <inheritdoc cref="EditMessageTextAsync"/>
    public Task<TelegramResult<SentMessage>> EditMessageReplyMarkupAsync(EditMessageReplyMarkupRequest request, CancellationToken stop) =>
        CallAsync<SentMessage>(request, _timeout, stop);

    /// <summary>Stops the button's spinner. Telegram refuses it (400) about 10 s after the press.</summary>
    /// <param name="text">What the person sees for a moment, up to 200 characters; null only stops the spinner.</param>
    public Task<TelegramResult<bool>> AnswerCallbackQueryAsync(string id, string? text, CancellationToken stop) =>
        CallAsync<bool>(new AnswerCallbackQueryRequest { CallbackQueryId = id, Text = text }, _timeout, stop);

    /// <summary>Long polling. May take <c>request.Timeout</c> plus the send timeout. 409: someone else polls, or a webhook is
    /// set.</summary>
    public async Task<TelegramResult<UpdateBatch>> GetUpdatesAsync(GetUpdates request, CancellationToken stop) =>
        await CallAsync<JsonElement[]>(request, _timeout + TimeSpan.FromSeconds(request.Timeout), stop, HttpReply.MaxBatchBytes) switch
        {
            TelegramResult<JsonElement[]>.Ok(var updates) => new TelegramResult<UpdateBatch>.Ok(UpdateBatch.Of(updates)),
            var failure => failure.As<UpdateBatch>(),
        };

    /// <summary>Says everything, since what is left out keeps whatever somebody set before.</summary>
    public Task<TelegramResult<bool>> SetWebhookAsync(string url, string? secret, int connections, CancellationToken stop) =>
        CallAsync<bool>(
            new SetWebhookRequest
            {
                Url = url,
                SecretToken = secret,
                AllowedUpdates = TelegramUpdate.Kinds,
                MaxConnections = connections,
            },
            _timeout,
            stop
        );

    public Task<TelegramResult<bool>> DeleteWebhookAsync(CancellationToken stop) =>
        CallAsync<bool>(new DeleteWebhookRequest(), _timeout, stop);

    public Task<TelegramResult<WebhookInfo>> GetWebhookInfoAsync(CancellationToken stop) =>
        CallAsync<WebhookInfo>(new GetWebhookInfoRequest(), _timeout, stop);

    /// <summary>Who the token belongs to: the cheapest check that it is valid.</summary>
    public Task<TelegramResult<BotUser>> GetMeAsync(CancellationToken stop) => CallAsync<BotUser>(new GetMeRequest(), _timeout, stop);

    public void Dispose() => _http.Dispose();

    private async Task<TelegramResult<TResult>> CallAsync<TResult>(
        IRequest parameters,
        TimeSpan limit,
        CancellationToken stop,
        int mostReply = HttpReply.MaxBytes
    )
    {
        try
        {
            return new TelegramResult<TResult>.Ok(
                await _bot.SendRequest(new BotCall<TResult>(parameters, limit, stop, mostReply), CancellationToken.None)
            );
        }
        catch (RequestException e) when (e.InnerException is BotFailure failure)
        {
            return failure.Result.As<TResult>();
        }
        catch (RequestException)
        {
            // A success that cannot be read, such as one without a message_id.
            return new TelegramResult<TResult>.Unknown($"the reply to {parameters.MethodName} makes no sense");
        }
    }
}
