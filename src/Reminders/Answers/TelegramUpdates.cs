using System.Globalization;
using System.Text.Json;
using MediatR;
using Reminders.Channels.Telegram;
using Reminders.Recipients;

namespace Reminders.Answers;

/// <summary>What an update of Telegram's calls for.</summary>
internal sealed class TelegramUpdates(IMediator mediator)
{
    public async Task<HandledUpdate> HandleAsync(string providerId, JsonElement json, CancellationToken cancellationToken)
    {
        switch (TelegramUpdate.Parse(json))
        {
            case ParsedUpdate.Read { Update: { Callback: { } callback } }:
                var result = await mediator.Send(new RecordPress(providerId, PressOf(callback)), cancellationToken);
                return new($"press: {result.Effect}", callback.Id, result.Text);
            case ParsedUpdate.Read { Update.Message: { Text: { } text, Chat: var chat } } when text.StartsWith("/start ", StringComparison.Ordinal):
                var bound = await mediator.Send(new BindChat(chat.Id, text["/start ".Length..].Trim()), cancellationToken);
                return new($"start: {bound}");
            case ParsedUpdate.Read { Update.Message: { Text: "/start", Chat: var chat } }:
                await mediator.Send(new ChangeOptOut(UpdateStore.Telegram, OptedOut: false, Id(chat.Id)), cancellationToken);
                await mediator.Send(ReachOf(chat, reachable: true), cancellationToken);
                return new("start without a code");
            case ParsedUpdate.Read { Update.Message: { Text: "/stop", Chat: var chat } }:
                await mediator.Send(new ChangeOptOut(UpdateStore.Telegram, OptedOut: true, Id(chat.Id)), cancellationToken);
                return new("stop");
            case ParsedUpdate.Read { Update.MyChatMember: { } membership }:
                await mediator.Send(ReachOf(membership.Chat, membership.Status is not ("kicked" or "left")), cancellationToken);
                return new($"membership: {membership.Status}");
            case ParsedUpdate.Refused refused:
                return new($"refused: {refused}");
            default:
                return new("nothing to do");
        }
    }

    public static Press PressOf(TelegramCallback callback) => new(
        UpdateStore.Telegram, Id(callback.From.Id), callback.Data, callback.Message is { } message ? Id(message.MessageId) : null,
        callback.From.LanguageCode ?? "en");

    private static ChangeReach ReachOf(TelegramChat chat, bool reachable) =>
        new(UpdateStore.Telegram, Id(chat.Id), reachable, "the person blocked the bot");

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
}
