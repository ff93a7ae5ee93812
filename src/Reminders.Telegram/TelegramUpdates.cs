using System.Globalization;
using System.Text.Json;
using MediatR;
using Reminders.Inbound;
using Reminders.People;

namespace Reminders.Telegram;

/// <summary>
/// What an update of Telegram's calls for. A group, a channel and what was edited afterwards are never spoken to: what is sent is
/// one person's, and nobody else may bind, ask or lift anything in their name.
/// </summary>
internal sealed class TelegramUpdates(IMediator mediator, TelegramBot bot) : IUpdateReader
{
    public string Source => bot.Channel;

    public async Task<HandledUpdate> HandleAsync(string providerId, JsonElement json, CancellationToken cancellationToken)
    {
        switch (TelegramUpdate.Parse(json))
        {
            case ParsedUpdate.Read { Update: { Callback: { } callback } }:
                var result = await mediator.Send(new RecordPress(providerId, PressOf(callback)), cancellationToken);
                // This only stops the button's spinner, and Telegram forgets the press within seconds.
                return new($"press: {result.Effect}", stop => bot.Client.AnswerCallbackQueryAsync(callback.Id, result.Text, stop));
            case ParsedUpdate.Read { Update.Message: { } message }:
                return new(await ObeyAsync(message, cancellationToken));
            case ParsedUpdate.Read { Update.MyChatMember: { } membership }:
                await mediator.Send(ReachOf(membership.Chat, membership.Status is not ("kicked" or "left")), cancellationToken);
                return new($"membership: {membership.Status}");
            case ParsedUpdate.Refused refused:
                return new($"refused: {refused}");
            default:
                return new("nothing to do");
        }
    }

    private async Task<string> ObeyAsync(TelegramMessage message, CancellationToken cancellationToken)
    {
        var (command, rest) = Command(message.Text);
        var chat = message.Chat;
        if (command == "/stop")
        {
            await mediator.Send(new ChangeOptOut(bot.Channel, OptedOut: true, Id(chat.Id)), cancellationToken);
            return "stop";
        }
        if (!chat.IsPrivate)
        {
            return command == "/start" ? $"start: {BindResult.NotPrivate}" : "nothing to do in a group";
        }

        if (command == "/start" && rest.Length > 0)
        {
            var bound = await mediator.Send(new BindChat(chat.Id, rest, bot.Channel), cancellationToken);
            // The greeting is the answer, and what was asked before comes with it. An old link is answered as any text is.
            await ShowAsync(chat, sayNothingOpen: bound != BindResult.Bound, cancellationToken);
            return $"start: {bound}";
        }
        if (command == "/start")
        {
            await mediator.Send(new ChangeOptOut(bot.Channel, OptedOut: false, Id(chat.Id)), cancellationToken);
        }
        // Whoever writes from a chat can be written to.
        await mediator.Send(ReachOf(chat, reachable: true), cancellationToken);
        var shown = await ShowAsync(chat, sayNothingOpen: true, cancellationToken);
        return command == "/start" ? $"start without a code: {shown}" : $"a message: {shown}";
    }

    private Task<string> ShowAsync(TelegramChat chat, bool sayNothingOpen, CancellationToken cancellationToken) =>
        mediator.Send(new ShowOpenQuestions(bot.Channel, Id(chat.Id), sayNothingOpen), cancellationToken);

    /// <summary>A command may name its bot (<c>/stop@bot</c>, as groups have it), and people write it in capitals.</summary>
    private static (string Word, string Argument) Command(string? text)
    {
        if (text?.Trim() is not ['/', ..] given)
        {
            return ("", "");
        }

        var end = given.AsSpan().IndexOfAny(" \t\r\n");
        var word = end < 0 ? given : given[..end];
        return (word.Split('@')[0].ToLowerInvariant(), end < 0 ? "" : given[end..].Trim());
    }

    private Press PressOf(TelegramCallback callback) =>
        new(
            bot.Channel,
            Id(callback.From.Id),
            callback.Data,
            callback.Message is { } message ? Id(message.MessageId) : null,
            callback.From.LanguageCode ?? "en"
        );

    private ChangeReach ReachOf(TelegramChat chat, bool reachable) =>
        new(bot.Channel, Id(chat.Id), reachable, "the person blocked the bot");

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
}
