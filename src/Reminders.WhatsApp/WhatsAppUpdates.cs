using System.Text.Json;
using MediatR;
using Reminders.Inbound;
using Reminders.People;

namespace Reminders.WhatsApp;

/// <summary>
/// What a message or a status of WhatsApp's calls for. A press is not answered: the chat shows it as the person's own reply, and a
/// message of ours would be one more that could go out twice. What they write is, with the questions that are open: they have
/// just opened their 24 hours, in which buttons need no template.
/// </summary>
internal sealed class WhatsAppUpdates(IMediator mediator, WhatsAppNumber number) : IUpdateReader
{
    public string Source => number.Channel;

    public async Task<HandledUpdate> HandleAsync(string providerId, JsonElement json, CancellationToken cancellationToken)
    {
        switch (WhatsAppJsonReader.Read(json))
        {
            case WhatsAppUpdate.Press press:
                await ReachedAsync(press.From, press.UserId, cancellationToken);
                var result = await mediator.Send(
                    new RecordPress(providerId, new(number.Channel, press.From, press.Data, press.RepliesTo, "en", press.UserId)),
                    cancellationToken
                );
                return new($"press: {result.Effect}");
            case WhatsAppUpdate.Message message:
                return new(
                    await ReachedAsync(message.From, message.UserId, cancellationToken) is { } known
                        ? await ObeyAsync(known, message.Text, cancellationToken)
                        : "a message of somebody whose number is not known"
                );
            case WhatsAppUpdate.NumberChanged changed:
                var moved = await mediator.Send(new ChangeNumber(number.Channel, changed.From, changed.To), cancellationToken);
                return new($"number changed: {moved} moved");
            case WhatsAppUpdate.Notice notice:
                return new($"notice: {OutsideText.Clean(notice.Type, 64)}");
            case WhatsAppUpdate.Status status:
                return new(await mediator.Send(new RecordStatus(number.Channel, status), cancellationToken));
            case WhatsAppUpdate.Refused refused:
                return new($"refused: {refused.Field} {refused.Problem}");
            case var other:
                throw new InvalidOperationException($"No such update: {other.GetType().Name}.");
        }
    }

    // Whoever writes from a number can be written to, whatever an earlier failure said of it.
    private async Task<string?> ReachedAsync(string? from, string? userId, CancellationToken cancellationToken)
    {
        var known = await mediator.Send(new RecogniseSender(number.Channel, from, userId), cancellationToken);
        if (known is not null)
        {
            await mediator.Send(new ChangeReach(number.Channel, known, Reachable: true), cancellationToken);
        }

        return known;
    }

    // The words that Meta's own policy knows.
    private async Task<string> ObeyAsync(string from, string? text, CancellationToken cancellationToken)
    {
        var word = text?.Trim().ToUpperInvariant();
        if (word is "STOP" or "START")
        {
            await mediator.Send(new ChangeOptOut(number.Channel, OptedOut: word == "STOP", from), cancellationToken);
            if (word == "STOP")
            {
                return "stop";
            }
        }
        if (word is null)
        {
            return "a message without text";
        }

        var shown = await mediator.Send(new ShowOpenQuestions(number.Channel, from), cancellationToken);
        return word == "START" ? $"start: {shown}" : $"a text: {shown}";
    }
}
