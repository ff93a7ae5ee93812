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
            return new Outcome<OperatorResult>.NotFound($"There is no message {messageId}.");
        }

        if (message.State != MessageState.Dead)
        {
            return new Outcome<OperatorResult>.Conflict(
                $"{message.Name} is {message.State.ToColumn()}, not dead: there is nothing to replay."
            );
        }

        if (!message.IsSend)
        {
            return new Outcome<OperatorResult>.Conflict($"{message.Name} is an edit: the next change of its subject writes a newer one.");
        }

        if (message.Next is { } already)
        {
            return new Outcome<OperatorResult>.Conflict($"{message.Name} was sent again before, as message {already}.");
        }

        if (message.Obstacle is { } obstacle)
        {
            return new Outcome<OperatorResult>.Conflict($"{message.Name} is not replayed: {obstacle}.");
        }

        if (await desk.SendAgainAsync(message, cancellationToken) is not { } next)
        {
            return new Outcome<OperatorResult>.Conflict($"{message.Name} was sent again meanwhile.");
        }

        await desk.RecordAsync(message, "message.replay", "replayed", reason, cancellationToken);
        return new Outcome<OperatorResult>.Done(
            new(message.Id, "dead", Reasons.Of("replayed", message.ResendNumber + 1), next, message.ResendNumber + 1)
        );
    }
}
