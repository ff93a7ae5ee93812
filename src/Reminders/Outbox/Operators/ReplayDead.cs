using MediatR;
using Reminders.Commands;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Gives a dead message another chance, as a message of its own with the next number: once, because the second replay finds
/// that number taken.
/// </summary>
internal sealed record ReplayDead(long MessageId, string? Reason) : ICommand<Outcome<OperatorResult>>, IAudited
{
    string IAudited.Action => "message.replay";

    string IAudited.About => $"message {MessageId}";
}

internal sealed class ReplayDeadHandler(OperatorDesk desk) : IRequestHandler<ReplayDead, Outcome<OperatorResult>>
{
    public async Task<Outcome<OperatorResult>> Handle(ReplayDead request, CancellationToken cancellationToken) =>
        OperatorDesk.Check(request.Reason) is { Count: > 0 } errors
            ? new Outcome<OperatorResult>.Invalid(errors)
            : await desk.ReplayAsync(request.MessageId, request.Reason!, cancellationToken);
}

internal static class Replaying
{
    /// <summary>What one replay does, alone or among many.</summary>
    public static async Task<Outcome<OperatorResult>> ReplayAsync(
        this OperatorDesk desk,
        long messageId,
        string reason,
        CancellationToken cancellationToken
    )
    {
        if (await desk.TakeAsync(messageId, cancellationToken) is not { } message)
        {
            return Outcome<OperatorResult>.NotFound.Of("no_message", messageId);
        }

        if (message.State != MessageState.Dead)
        {
            return Outcome<OperatorResult>.Conflict.Of("not_dead", message.Id, message.State.ToColumn());
        }

        if (!message.IsSend)
        {
            return Outcome<OperatorResult>.Conflict.Of("is_edit", message.Id);
        }

        if (message.Next is { } already)
        {
            return Outcome<OperatorResult>.Conflict.Of("sent_before", message.Id, already);
        }

        if (message.Obstacle is { } obstacle)
        {
            return Outcome<OperatorResult>.Conflict.Of("not_replayed", message.Id, obstacle);
        }

        if (await desk.SendAgainAsync(message, cancellationToken) is not { } next)
        {
            return Outcome<OperatorResult>.Conflict.Of("sent_meanwhile", message.Id);
        }

        await desk.RecordAsync(message, "message.replay", "replayed", reason, cancellationToken);
        return new Outcome<OperatorResult>.Done(
            new(message.Id, "dead", Reasons.Of("replayed", message.ResendNumber + 1), next, message.ResendNumber + 1)
        );
    }
}
