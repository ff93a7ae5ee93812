using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reminders.Channels.Http;

namespace Reminders.Channels.Telegram;

/// <inheritdoc cref="ITelegramClient"/>
internal sealed class TelegramClient : ITelegramClient, IDisposable
{
    private readonly OnceHttp _http;
    private readonly TimeSpan _timeout;
    private readonly string _secret;
    private readonly Uri _sendMessage, _editMessageText, _editMessageReplyMarkup, _answerCallbackQuery,
        _getUpdates, _setWebhook, _deleteWebhook, _getWebhookInfo, _getMe;

    /// <exception cref="ArgumentException">The options are not valid; the message names each wrong setting.</exception>
    public TelegramClient(TelegramOptions options)
    {
        if (string.Join(' ', options.Validate()) is { Length: > 0 } problems)
        {
            throw new ArgumentException(problems, nameof(options));
        }
        _http = new OnceHttp(options.ApiBaseUrl);
        _timeout = options.SendTimeout;
        _secret = options.BotToken[(options.BotToken.IndexOf(':') + 1)..];

        string prefix = $"{options.ApiBaseUrl.AbsoluteUri.TrimEnd('/')}/bot{options.BotToken}/";
        _sendMessage = new Uri(prefix + "sendMessage");
        _editMessageText = new Uri(prefix + "editMessageText");
        _editMessageReplyMarkup = new Uri(prefix + "editMessageReplyMarkup");
        _answerCallbackQuery = new Uri(prefix + "answerCallbackQuery");
        _getUpdates = new Uri(prefix + "getUpdates");
        _setWebhook = new Uri(prefix + "setWebhook");
        _deleteWebhook = new Uri(prefix + "deleteWebhook");
        _getWebhookInfo = new Uri(prefix + "getWebhookInfo");
        _getMe = new Uri(prefix + "getMe");
    }

    private static TelegramJson Json => TelegramJson.Default;

    public Task<TelegramResult<SentMessage>> SendMessageAsync(SendMessage request, CancellationToken cancellationToken) =>
        CallAsync(_sendMessage, request, Json.SendMessage, Json.TelegramReplySentMessage, cancellationToken);

    public Task<TelegramResult<SentMessage>> EditMessageTextAsync(EditMessageText request, CancellationToken cancellationToken) =>
        CallAsync(_editMessageText, request, Json.EditMessageText, Json.TelegramReplySentMessage, cancellationToken);

    public Task<TelegramResult<SentMessage>> EditMessageReplyMarkupAsync(EditMessageReplyMarkup request, CancellationToken cancellationToken) =>
        CallAsync(_editMessageReplyMarkup, request, Json.EditMessageReplyMarkup, Json.TelegramReplySentMessage, cancellationToken);

    public Task<TelegramResult<bool>> AnswerCallbackQueryAsync(AnswerCallbackQuery request, CancellationToken cancellationToken) =>
        CallAsync(_answerCallbackQuery, request, Json.AnswerCallbackQuery, Json.TelegramReplyBoolean, cancellationToken);

    public async Task<TelegramResult<UpdateBatch>> GetUpdatesAsync(GetUpdates request, CancellationToken cancellationToken)
    {
        TelegramResult<JsonElement[]> result = await CallAsync(
            _getUpdates, request, Json.GetUpdates, Json.TelegramReplyJsonElementArray, cancellationToken, TimeSpan.FromSeconds(request.Timeout),
            HttpReply.MaxBatchBytes);
        return result switch
        {
            TelegramResult<JsonElement[]>.Ok(var updates) => new TelegramResult<UpdateBatch>.Ok(UpdateBatch.Of(updates)),
            TelegramResult<JsonElement[]>.Error(var code, var text, var wait, var chat) => new TelegramResult<UpdateBatch>.Error(code, text, wait, chat),
            TelegramResult<JsonElement[]>.NotSent(var detail) => new TelegramResult<UpdateBatch>.NotSent(detail),
            TelegramResult<JsonElement[]>.Unknown(var detail) => new TelegramResult<UpdateBatch>.Unknown(detail),
            _ => throw new InvalidOperationException($"No such result: {result.GetType().Name}."),
        };
    }

    public Task<TelegramResult<bool>> SetWebhookAsync(SetWebhook request, CancellationToken cancellationToken) =>
        CallAsync(_setWebhook, request, Json.SetWebhook, Json.TelegramReplyBoolean, cancellationToken);

    public Task<TelegramResult<bool>> DeleteWebhookAsync(DeleteWebhook request, CancellationToken cancellationToken) =>
        CallAsync(_deleteWebhook, request, Json.DeleteWebhook, Json.TelegramReplyBoolean, cancellationToken);

    public Task<TelegramResult<WebhookInfo>> GetWebhookInfoAsync(CancellationToken cancellationToken) =>
        CallAsync(_getWebhookInfo, NoParameters.Instance, Json.NoParameters, Json.TelegramReplyWebhookInfo, cancellationToken);

    public Task<TelegramResult<BotUser>> GetMeAsync(CancellationToken cancellationToken) =>
        CallAsync(_getMe, NoParameters.Instance, Json.NoParameters, Json.TelegramReplyBotUser, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<TelegramResult<TResult>> CallAsync<TRequest, TResult>(
        Uri method,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TelegramReply<TResult>> replyType,
        CancellationToken cancellationToken,
        TimeSpan heldOpen = default,
        int mostReply = HttpReply.MaxBytes)
    {
        HttpOutcome outcome = await _http.PostAsync(
            method, OnceJsonContent.Of(request, requestType), _timeout + heldOpen, cancellationToken, mostReply: mostReply);
        switch (outcome)
        {
            case HttpOutcome.Replied(var reply):
                using (reply)
                {
                    TelegramResult<TResult> result = TelegramReplyReader.Read(reply, replyType);
                    return result is TelegramResult<TResult>.Error error
                        ? error with { Description = WithoutToken(error.Description) }
                        : result;
                }
            case HttpOutcome.NotSent(var detail):
                return new TelegramResult<TResult>.NotSent(WithoutToken(detail));
            case HttpOutcome.Unknown(var detail):
                return new TelegramResult<TResult>.Unknown(WithoutToken(detail));
            default:
                throw new InvalidOperationException($"No such outcome: {outcome.GetType().Name}.");
        }
    }

    // Nothing known puts it there; but a proxy's words are not ours, and a leaked token is for ever.
    private string WithoutToken(string text) => text.Replace(_secret, "<token>", StringComparison.Ordinal);
}
