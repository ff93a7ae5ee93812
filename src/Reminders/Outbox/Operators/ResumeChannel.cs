using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Lifts every wait of a channel, whoever asked for it, and those of its recipients; or of one recipient alone. A channel in
/// trouble is tried at once, with one message or a call that sends nothing: lifting a wait mends nothing.
/// </summary>
/// <param name="Recipient">Their address on the channel, or the booking app's own reference to them; null means everybody.</param>
internal sealed record ResumeChannel(string Name, string? Recipient, string? Reason) : ICommand<Outcome<ChannelStatus>>, IAudited
{
    string IAudited.Action => "channel.resume";

    string IAudited.About => $"channel {FieldErrors.Cut(Name)}";
}

internal sealed class ResumeChannelHandler(ChannelDesk desk, CommandTransaction db, Audit audit)
    : IRequestHandler<ResumeChannel, Outcome<ChannelStatus>>
{
    public async Task<Outcome<ChannelStatus>> Handle(ResumeChannel request, CancellationToken cancellationToken)
    {
        if (ChannelDesk.Check(request.Name, request.Recipient, request.Reason) is { Count: > 0 } errors)
        {
            return new Outcome<ChannelStatus>.Invalid(errors);
        }

        if (await desk.TakeAsync(request.Name, cancellationToken) is not { } before)
        {
            return ChannelDesk.Unknown(request.Name);
        }

        var lifted = await LiftRecipientsAsync(request, cancellationToken);
        if (request.Recipient is null && before.State != ChannelStatus.Open)
        {
            lifted += await RunAsync(Statement.Named("Outbox/Operators/Sql/lift.sql"), cancellationToken, request.Name);
        }

        if (lifted == 0)
        {
            return new Outcome<ChannelStatus>.Done(before, Changed: false);
        }

        await desk.WakeAsync(cancellationToken);
        var after = (await desk.LookAsync(request.Name, cancellationToken))!;
        await audit.WriteAsync(
            "channel.resume",
            request.Recipient is { } one ? $"channel {request.Name}, recipient {one}" : $"channel {request.Name}",
            PauseChannelHandler.Stand(before),
            PauseChannelHandler.Stand(after),
            request.Reason,
            cancellationToken
        );
        return new Outcome<ChannelStatus>.Done(after);
    }

    private async Task<int> LiftRecipientsAsync(ResumeChannel request, CancellationToken cancellationToken)
    {
        await using var addresses = db.Command(
                """
                DELETE FROM reminders.throttle t
                WHERE t.channel = $1 AND t.reason IS NOT NULL AND t.next_at > clock_timestamp()
                  AND ($2::text IS NULL OR t.address = $2 OR t.address = (
                      SELECT a.address FROM reminders.address a JOIN reminders.recipient r ON r.id = a.recipient_id
                      WHERE a.channel = $1 AND r.reference = $2))
                RETURNING t.address
                """
            )
            .With(request.Name, request.Recipient);
        var lifted = new List<string>();
        await using (var reader = await addresses.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                lifted.Add(reader.GetString(0));
            }
        }
        if (lifted.Count > 0)
        {
            await RunAsync(Statement.Named("Outbox/Operators/Sql/bring-forward.sql"), cancellationToken, request.Name, lifted.ToArray());
        }

        return lifted.Count;
    }

    private async Task<int> RunAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = db.Command(sql).With(values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
