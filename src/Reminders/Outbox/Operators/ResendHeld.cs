using MediatR;
using Reminders.Bookings;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Sends a message in doubt once more, as a message of its own with the next number. The recipient may get it twice; a person
/// takes that upon themselves, and says why.
/// </summary>
internal sealed record ResendHeld(long MessageId, string? Reason) : ICommand<Outcome<OperatorResult>>;

internal sealed class ResendHeldHandler(OperatorDesk desk, Caller caller) : IRequestHandler<ResendHeld, Outcome<OperatorResult>>
{
    public async Task<Outcome<OperatorResult>> Handle(ResendHeld request, CancellationToken cancellationToken)
    {
        if (OperatorDesk.Check(request.Reason) is { Count: > 0 } errors)
            return new Outcome<OperatorResult>.Invalid(errors);
        if (await desk.TakeAsync(request.MessageId, cancellationToken) is not { } message)
            return new Outcome<OperatorResult>.NotFound($"There is no message {request.MessageId}.");

        if (message is { State: not MessageState.Uncertain, Next: { } already })
            return Done(message, already, changed: false); // pressed twice: it is on its way
        if (message.State != MessageState.Uncertain)
            return new Outcome<OperatorResult>.Conflict($"{message.Name} is {message.State.ToColumn()}, not uncertain: there is no doubt to end by sending it again.");
        if (message.Obstacle is { } obstacle)
            return new Outcome<OperatorResult>.Conflict($"{message.Name} is not sent again: {obstacle}.");

        await desk.SettleAsync(message, MessageState.Dead, Reason(message), cancellationToken);
        if (await desk.SendAgainAsync(message, cancellationToken) is not { } next)
            return Done(message, message.Next!.Value, changed: false);
        await desk.RecordAsync(message, "resent", request.Reason!, cancellationToken);
        return Done(message, next, changed: true);
    }

    private string Reason(MessageInHand message) => $"resent as number {message.Number + 1} by {caller.Name}";

    private Outcome<OperatorResult>.Done Done(MessageInHand message, long next, bool changed) => new(
        new(message.Id, "dead", changed ? Reason(message) : $"resent before, as message {next}", next, message.Number + 1), changed);
}
