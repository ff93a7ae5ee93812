using MediatR;
using Reminders.Bookings;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>Says what became of a message in doubt: somebody asked, or saw it.</summary>
/// <param name="Delivered">Whether it arrived. If it did and its subject has moved since, it is edited.</param>
internal sealed record SettleHeld(long MessageId, bool Delivered, string? Reason) : ICommand<Outcome<OperatorResult>>;

internal sealed class SettleHeldHandler(OperatorDesk desk, SubjectChanges changes, Caller caller)
    : IRequestHandler<SettleHeld, Outcome<OperatorResult>>
{
    public async Task<Outcome<OperatorResult>> Handle(SettleHeld request, CancellationToken cancellationToken)
    {
        if (OperatorDesk.Check(request.Reason) is { Count: > 0 } errors)
            return new Outcome<OperatorResult>.Invalid(errors);
        if (await desk.TakeAsync(request.MessageId, cancellationToken) is not { } message)
            return new Outcome<OperatorResult>.NotFound($"There is no message {request.MessageId}.");

        var state = request.Delivered ? MessageState.Sent : MessageState.Dead;
        var reason = $"{(request.Delivered ? "delivered" : "not delivered")}, says {caller.Name}";
        if (!await desk.SettleAsync(message, state, reason, cancellationToken))
            return new Outcome<OperatorResult>.Conflict($"{message.Name} is {message.State.ToColumn()}, not uncertain: there is nothing to settle.");

        await desk.RecordAsync(message, request.Delivered ? "settled as sent" : "settled as not delivered", request.Reason!, cancellationToken);
        if (request.Delivered)
            await changes.ApplyAsync(message.SubjectId, null, caller.Name, cancellationToken);
        else
            await desk.TellSkippedAsync(message, cancellationToken);
        return new Outcome<OperatorResult>.Done(new(message.Id, state.ToColumn(), reason));
    }
}
