using MediatR;
using Reminders.Commands;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Sends a message in doubt once more, as a message of its own with the next number. The recipient may get it twice; a person
/// takes that upon themselves, and says why.
/// </summary>
internal sealed record ResendHeld(long MessageId, string? Reason) : ICommand<Outcome<OperatorResult>>, IAudited
{
    string IAudited.Action => "message.resend";

    string IAudited.About => $"message {MessageId}";
}

internal sealed class ResendHeldHandler(OperatorDesk desk) : IRequestHandler<ResendHeld, Outcome<OperatorResult>>
{
    public async Task<Outcome<OperatorResult>> Handle(ResendHeld request, CancellationToken cancellationToken) =>
        OperatorDesk.Check(request.Reason) is { Count: > 0 } errors
            ? new Outcome<OperatorResult>.Invalid(errors)
            : await desk.ResendAsync(request.MessageId, request.Reason!, cancellationToken);
}

internal static class Resending
{
    /// <summary>What one resend does, alone or among many.</summary>
    public static async Task<Outcome<OperatorResult>> ResendAsync(
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

        if (message is { State: not MessageState.Uncertain, Next: { } already })
        {
            return Done(desk, message, already, changed: false); // pressed twice: it is on its way
        }

        if (message.State != MessageState.Uncertain)
        {
            return Outcome<OperatorResult>.Conflict.Of("no_doubt", message.Id, message.State.ToColumn());
        }

        if (message.Obstacle is { } obstacle)
        {
            return Outcome<OperatorResult>.Conflict.Of("not_resent", message.Id, obstacle);
        }

        await desk.SettleAsync(message, MessageState.Dead, Reason(desk, message), cancellationToken);
        if (await desk.SendAgainAsync(message, cancellationToken) is not { } next)
        {
            return Done(desk, message, message.Next!.Value, changed: false);
        }

        await desk.RecordAsync(message, "message.resend", "resent", reason, cancellationToken);
        return Done(desk, message, next, changed: true);
    }

    private static string Reason(OperatorDesk desk, MessageInHand message) =>
        Reasons.Of("resent_by", message.ResendNumber + 1, desk.CallerName);

    private static Outcome<OperatorResult>.Done Done(OperatorDesk desk, MessageInHand message, long next, bool changed) =>
        new(
            new(message.Id, "dead", changed ? Reason(desk, message) : Reasons.Of("resent_before", next), next, message.ResendNumber + 1),
            changed
        );
}
