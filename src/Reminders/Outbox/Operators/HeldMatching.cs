using MediatR;
using Reminders.Commands;
using Reminders.Subjects;

namespace Reminders.Outbox.Operators;

/// <summary>Sends those in doubt once more that match: after an outage, say. Each is judged by itself, as <see cref="ResendHeld"/>
/// does.</summary>
/// <param name="DryRun">Only count them.</param>
internal sealed record ResendHeldMatching(HeldFilter Filter, bool DryRun, string? Reason) : ICommand<Outcome<HandledMessages>>;

/// <summary>Says of those in doubt that match what became of them.</summary>
/// <param name="DryRun">Only count them.</param>
internal sealed record SettleHeldMatching(HeldFilter Filter, bool Delivered, bool DryRun, string? Reason)
    : ICommand<Outcome<HandledMessages>>;

/// <param name="Matching">How many matched when the command began.</param>
/// <param name="Done">What was done; empty in a dry run.</param>
/// <param name="Refused">What was not, each with its reason.</param>
/// <param name="More">Whether others match that this command did not get to.</param>
internal sealed record HandledMessages(
    long Matching,
    IReadOnlyList<OperatorResult> Done,
    IReadOnlyList<RefusedReplay> Refused,
    bool More,
    bool DryRun
);

internal sealed class ResendHeldMatchingHandler(HeldBulk bulk, OperatorDesk desk)
    : IRequestHandler<ResendHeldMatching, Outcome<HandledMessages>>
{
    public Task<Outcome<HandledMessages>> Handle(ResendHeldMatching request, CancellationToken cancellationToken) =>
        bulk.RunAsync(
            "outbox.resend",
            request.Filter,
            request.DryRun,
            request.Reason,
            id => desk.ResendAsync(id, request.Reason!, cancellationToken),
            cancellationToken
        );
}

internal sealed class SettleHeldMatchingHandler(HeldBulk bulk, OperatorDesk desk, SubjectChanges changes)
    : IRequestHandler<SettleHeldMatching, Outcome<HandledMessages>>
{
    public Task<Outcome<HandledMessages>> Handle(SettleHeldMatching request, CancellationToken cancellationToken) =>
        bulk.RunAsync(
            request.Delivered ? "outbox.settle.delivered" : "outbox.settle.not_delivered",
            request.Filter,
            request.DryRun,
            request.Reason,
            id => desk.SettleHeldAsync(changes, id, request.Delivered, request.Reason!, cancellationToken),
            cancellationToken
        );
}

/// <summary>One decision over many messages in doubt, each by itself and on record.</summary>
internal sealed class HeldBulk(CommandTransaction db, Audit audit)
{
    public async Task<Outcome<HandledMessages>> RunAsync(
        string action,
        HeldFilter filter,
        bool dryRun,
        string? reason,
        Func<long, Task<Outcome<OperatorResult>>> decide,
        CancellationToken cancellationToken
    )
    {
        if (filter.Check(dryRun ? reason ?? "a dry run" : reason).All is { Count: > 0 } errors)
        {
            return new Outcome<HandledMessages>.Invalid(errors);
        }

        if (!await filter.IncidentIsThereAsync(db, cancellationToken))
        {
            return Outcome<HandledMessages>.NotFound.Of("no_incident", filter.Incident);
        }

        var matching = await filter.CountAsync(db, cancellationToken);
        if (dryRun)
        {
            return new Outcome<HandledMessages>.Done(new(matching, [], [], More: matching > 0, DryRun: true), Changed: false);
        }

        var done = new List<OperatorResult>();
        var refused = new List<RefusedReplay>();
        var ids = await filter.IdsAsync(db, cancellationToken);
        foreach (var id in ids)
        {
            switch (await decide(id))
            {
                case Outcome<OperatorResult>.Done { Changed: true } decided:
                    done.Add(decided.Value);
                    break;
                case Outcome<OperatorResult>.Conflict conflict:
                    refused.Add(new(id, conflict.Reason));
                    break;
            }
        }
        if (done.Count > 0)
        {
            await audit.WriteAsync(
                action,
                About(filter),
                null,
                new
                {
                    filter,
                    messages = done.Count,
                    refused = refused.Count,
                },
                reason,
                cancellationToken
            );
        }

        return new Outcome<HandledMessages>.Done(
            new(matching, done, refused, More: ids.Count < matching && done.Count > 0, DryRun: false),
            done.Count > 0
        );
    }

    private static string About(HeldFilter filter) =>
        filter.Incident is { } incident ? $"incident {incident}"
        : filter.Channel is { Length: > 0 } channel ? $"channel {channel}"
        : "messages in doubt";
}
