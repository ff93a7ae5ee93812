using System.Text.Json;
using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Decides over many messages at once: those that match, as they were listed. They are written down, and <see cref="BulkRunner"/> goes
/// through them a few at a time, each judged by itself: whatever node dies meanwhile, another goes on where it was.
/// </summary>
/// <param name="Act">arrived, lost or resend of those in doubt; replay of the dead.</param>
internal sealed record BeginBulk(string Act, BulkSelection Selection, string? Reason) : ICommand<Outcome<BulkStatus>>;

/// <summary>Ends one before its end: what is not decided yet stays as it is.</summary>
internal sealed record StopBulk(long Id) : ICommand<Outcome<BulkStatus>>;

internal sealed class BeginBulkHandler(CommandTransaction db, BulkActions actions, Caller caller, Audit audit)
    : IRequestHandler<BeginBulk, Outcome<BulkStatus>>
{
    public async Task<Outcome<BulkStatus>> Handle(BeginBulk request, CancellationToken cancellationToken)
    {
        if (Check(request) is { Count: > 0 } errors)
        {
            return new Outcome<BulkStatus>.Invalid(errors);
        }

        if (!caller.Operates)
        {
            return Outcome<BulkStatus>.NotFound.Of("no_messages");
        }

        var selection = request.Selection;
        await using var begin = db.Command(Statement.Named("Outbox/Operators/Sql/bulk-begin.sql"))
            .With([
                .. BulkActions.Matching(request.Act, selection),
                request.Act,
                request.Reason,
                caller.Name,
                JsonSerializer.Serialize(selection),
            ]);
        if (await begin.ExecuteScalarAsync(cancellationToken) is not long id)
        {
            return Outcome<BulkStatus>.Conflict.Of("nothing_matches");
        }

        await actions.TellAsync(begun: true, cancellationToken);
        var status = (await actions.FindAsync(id, cancellationToken))!;
        await audit.WriteAsync(
            $"outbox.bulk.{request.Act}",
            $"bulk {id}",
            null,
            new { selection, messages = status.Total },
            request.Reason,
            cancellationToken
        );
        return new Outcome<BulkStatus>.Done(status);
    }

    private static WrongFields Check(BeginBulk request)
    {
        var errors = new FieldErrors();
        var (selection, ids) = (request.Selection, request.Selection.Ids);
        if (!BulkActions.Acts.Contains(request.Act))
        {
            errors.Add("act", "wrong.act", FieldErrors.Cut(request.Act), string.Join(", ", BulkActions.Acts));
        }

        errors.Text("kind", selection.Kind, 64, required: false);
        errors.Text("channel", selection.Channel, 32, required: false);
        errors.Text("reasonContains", selection.ReasonContains, 1000, required: false);
        errors.Text("reason", request.Reason, 1000, required: true);
        if (ids is { Count: 0 or > 1000 })
        {
            errors.Add("ids", "wrong.are_ids", ids.Count);
        }

        return errors.All;
    }
}

internal sealed class StopBulkHandler(CommandTransaction db, BulkActions actions, Caller caller, Audit audit)
    : IRequestHandler<StopBulk, Outcome<BulkStatus>>
{
    public async Task<Outcome<BulkStatus>> Handle(StopBulk request, CancellationToken cancellationToken)
    {
        await using var stop = db.Command(
                "UPDATE reminders.bulk_action SET ended_at = clock_timestamp(), stopped_by = $2 WHERE id = $1 AND ended_at IS NULL"
            )
            .With(request.Id, caller.Name);
        // It waits for the few that are being decided: what it then says is how it ended.
        var stopped = caller.Operates && await stop.ExecuteNonQueryAsync(cancellationToken) > 0;
        if (!caller.Operates || await actions.FindAsync(request.Id, cancellationToken) is not { } status)
        {
            return Outcome<BulkStatus>.NotFound.Of("no_decision", request.Id);
        }

        if (stopped)
        {
            await actions.TellAsync(begun: false, cancellationToken);
            await audit.WriteAsync(
                "outbox.bulk.stop",
                $"bulk {request.Id}",
                null,
                new
                {
                    status.Done,
                    status.Refused,
                    status.Total,
                },
                null,
                cancellationToken
            );
        }

        return new Outcome<BulkStatus>.Done(status, Changed: stopped);
    }
}
