using MediatR;
using Reminders.Commands;
using Reminders.Subjects;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>Says what became of a message in doubt: somebody asked, or saw it.</summary>
/// <param name="Delivered">Whether it arrived. If it did and its subject has moved since, it is edited.</param>
internal sealed record SettleHeld(long MessageId, bool Delivered, string? Reason) : ICommand<Outcome<OperatorResult>>, IAudited
{
    string IAudited.Action => "message.settle";

    string IAudited.About => $"message {MessageId}";
}

internal sealed class SettleHeldHandler(OperatorDesk desk, SubjectChanges changes) : IRequestHandler<SettleHeld, Outcome<OperatorResult>>
{
    public async Task<Outcome<OperatorResult>> Handle(SettleHeld request, CancellationToken cancellationToken) =>
        OperatorDesk.Check(request.Reason) is { Count: > 0 } errors
            ? new Outcome<OperatorResult>.Invalid(errors)
            : await desk.SettleHeldAsync(changes, request.MessageId, request.Delivered, request.Reason!, cancellationToken);
}

internal static class Settling
{
    /// <summary>What settling one message does, alone or among many.</summary>
    public static async Task<Outcome<OperatorResult>> SettleHeldAsync(
        this OperatorDesk desk,
        SubjectChanges changes,
        long messageId,
        bool delivered,
        string why,
        CancellationToken cancellationToken
    )
    {
        if (await desk.TakeAsync(messageId, cancellationToken) is not { } message)
        {
            return Outcome<OperatorResult>.NotFound.Of("no_message", messageId);
        }

        var state = delivered ? MessageState.Sent : MessageState.Dead;
        var reason = Reasons.Of(delivered ? "delivered_says" : "not_delivered_says", desk.CallerName);
        if (!await desk.SettleAsync(message, state, reason, cancellationToken))
        {
            return Outcome<OperatorResult>.Conflict.Of("nothing_to_settle", message.Id, message.State.ToColumn());
        }

        await desk.RecordAsync(
            message,
            "message.settle",
            delivered ? "settled as sent" : "settled as not delivered",
            why,
            cancellationToken
        );
        if (delivered)
        {
            await changes.ApplyAsync(message.SubjectId, null, desk.CallerName, cancellationToken);
        }
        else
        {
            await desk.TellSkippedAsync(message, cancellationToken);
        }

        return new Outcome<OperatorResult>.Done(new(message.Id, state.ToColumn(), reason));
    }
}
