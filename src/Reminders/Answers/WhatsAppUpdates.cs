using System.Text.Json;
using MediatR;
using Reminders.Channels.WhatsApp;
using Reminders.Recipients;

namespace Reminders.Answers;

/// <summary>
/// What a message or a status of WhatsApp's calls for. Nothing is said in return: the chat shows a press as the person's own
/// reply, and a message of ours would be one more that could go out twice. Who wants one declares a kind for it.
/// </summary>
internal sealed class WhatsAppUpdates(IMediator mediator)
{
    public async Task<HandledUpdate> HandleAsync(string providerId, JsonElement json, CancellationToken cancellationToken)
    {
        switch (WhatsAppJsonReader.Read(json))
        {
            case WhatsAppUpdate.Press press:
                await ReachedAsync(press.From, cancellationToken);
                var result = await mediator.Send(
                    new RecordPress(providerId, new(UpdateStore.WhatsApp, press.From, press.Data, press.RepliesTo, "en")), cancellationToken);
                return new($"press: {result.Effect}");
            case WhatsAppUpdate.Message message:
                await ReachedAsync(message.From, cancellationToken);
                return new(await ObeyAsync(message, cancellationToken));
            case WhatsAppUpdate.Status status:
                return new(await mediator.Send(new RecordStatus(status), cancellationToken));
            case WhatsAppUpdate.Refused refused:
                return new($"refused: {refused.Field} {refused.Problem}");
            case var other:
                throw new InvalidOperationException($"No such update: {other.GetType().Name}.");
        }
    }

    // Whoever writes from a number can be written to, whatever an earlier failure said of it.
    private Task<int> ReachedAsync(string from, CancellationToken cancellationToken) =>
        mediator.Send(new ChangeReach(UpdateStore.WhatsApp, from, Reachable: true), cancellationToken);

    // The words that Meta's own policy knows.
    private async Task<string> ObeyAsync(WhatsAppUpdate.Message message, CancellationToken cancellationToken)
    {
        var word = message.Text?.Trim().ToUpperInvariant();
        if (word is "STOP" or "START")
        {
            await mediator.Send(new ChangeOptOut(UpdateStore.WhatsApp, OptedOut: word == "STOP", message.From), cancellationToken);
            return word.ToLowerInvariant();
        }
        return word is null ? "a message without text" : "a text";
    }
}
