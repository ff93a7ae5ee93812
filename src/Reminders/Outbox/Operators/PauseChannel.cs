using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Stops a channel by hand: nothing starts over it, on any node, until then or until somebody resumes it. What is under way ends. What
/// the provider has it wait for is another matter: neither lifts the other.
/// </summary>
/// <param name="Until">Null: until somebody resumes it.</param>
internal sealed record PauseChannel(string Name, DateTimeOffset? Until, string? Reason) : ICommand<Outcome<ChannelStatus>>, IAudited
{
    string IAudited.Action => "channel.pause";

    string IAudited.About => $"channel {FieldErrors.Cut(Name)}";
}

internal sealed class PauseChannelHandler(ChannelDesk desk, CommandTransaction db, Caller caller, Audit audit)
    : IRequestHandler<PauseChannel, Outcome<ChannelStatus>>
{
    public async Task<Outcome<ChannelStatus>> Handle(PauseChannel request, CancellationToken cancellationToken)
    {
        if (ChannelDesk.Check(request.Name, null, request.Reason) is { Count: > 0 } errors)
        {
            return new Outcome<ChannelStatus>.Invalid(errors);
        }

        if (await desk.TakeAsync(request.Name, cancellationToken) is not { } before)
        {
            return ChannelDesk.Unknown(request.Name);
        }

        if (await PauseEnd.CheckAsync(db, request.Until, cancellationToken) is { Count: > 0 } wrong)
        {
            return new Outcome<ChannelStatus>.Invalid(wrong);
        }

        await using var stop = db.Command(
                $"""
                UPDATE reminders.channel c
                SET stopped_since = CASE WHEN {Stopped} THEN stopped_since ELSE clock_timestamp() END, stopped_until = $4, stopped_by = $2,
                    stop_reason = $3
                WHERE name = $1 AND NOT ({Stopped} AND stopped_until IS NOT DISTINCT FROM $4)
                """
            )
            .With(request.Name, caller.Name, request.Reason, request.Until?.UtcDateTime);
        if (await stop.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return new Outcome<ChannelStatus>.Done(before, Changed: false);
        }

        await audit.WriteAsync(
            "channel.pause",
            $"channel {request.Name}",
            Stand(before),
            new { state = "stopped", request.Until },
            request.Reason,
            cancellationToken
        );
        // A dispatcher that sleeps until something else hears of an end that comes sooner.
        await desk.WakeAsync(cancellationToken);
        return new Outcome<ChannelStatus>.Done((await desk.LookAsync(request.Name, cancellationToken))!);
    }

    private static readonly string Stopped = Statement.Named("Outbox/Sql/channel-stopped.sql");

    /// <summary>What the audit keeps of a channel.</summary>
    internal static object Stand(ChannelStatus channel) =>
        new
        {
            channel.State,
            channel.Since,
            channel.Until,
            channel.Reason,
        };
}
