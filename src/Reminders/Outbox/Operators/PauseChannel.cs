using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>Stops a channel by hand: nothing starts over it, on any node, until somebody resumes it. What is under way ends.</summary>
internal sealed record PauseChannel(string Name, string? Reason) : ICommand<Outcome<ChannelStatus>>;

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

        await using var stop = db.Command(
                """
                UPDATE reminders.channel SET stopped_since = clock_timestamp(), stopped_by = $2, stop_reason = $3
                WHERE name = $1 AND stopped_since IS NULL
                """
            )
            .With(request.Name, caller.Name, request.Reason);
        if (await stop.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return new Outcome<ChannelStatus>.Done(before, Changed: false);
        }

        await audit.WriteAsync(
            "channel.pause",
            $"channel {request.Name}",
            Stand(before),
            new { state = "stopped" },
            request.Reason,
            cancellationToken
        );
        return new Outcome<ChannelStatus>.Done((await desk.LookAsync(request.Name, cancellationToken))!);
    }

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
