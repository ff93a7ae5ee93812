using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>Replays the dead messages of a kind, or those that died of one cause: after an outage, say.</summary>
/// <param name="Kind">Only this kind; null means any. At least one of the two has to be given.</param>
/// <param name="ReasonContains">Only those whose reason contains this, whatever the case; null means any.</param>
internal sealed record ReplayDeadMatching(string? Kind, string? ReasonContains, string? Reason) : ICommand<Outcome<ReplayedMessages>>
{
    /// <summary>How many one command takes: it holds their subjects locked until it commits.</summary>
    public const int Most = 500;
}

/// <param name="More">Whether others may match that this command did not get to.</param>
internal sealed record ReplayedMessages(IReadOnlyList<OperatorResult> Replayed, IReadOnlyList<RefusedReplay> Refused, bool More);

internal sealed record RefusedReplay(long MessageId, string Reason);

internal sealed class ReplayDeadMatchingHandler(CommandTransaction db, OperatorDesk desk)
    : IRequestHandler<ReplayDeadMatching, Outcome<ReplayedMessages>>
{
    public async Task<Outcome<ReplayedMessages>> Handle(ReplayDeadMatching request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Text("kind", request.Kind, 64, required: false);
        errors.Text("reasonContains", request.ReasonContains, 1000, required: false);
        errors.Text("reason", request.Reason, 1000, required: true);
        if (string.IsNullOrWhiteSpace(request.Kind) && string.IsNullOrWhiteSpace(request.ReasonContains))
        {
            errors.Add("kind", "wrong.all_dead");
        }

        if (errors.All.Count > 0)
        {
            return new Outcome<ReplayedMessages>.Invalid(errors.All);
        }

        var replayed = new List<OperatorResult>();
        var refused = new List<RefusedReplay>();
        var ids = await MatchingAsync(request, cancellationToken);
        foreach (var id in ids)
        {
            switch (await desk.ReplayAsync(id, request.Reason!, cancellationToken))
            {
                case Outcome<OperatorResult>.Done done:
                    replayed.Add(done.Value);
                    break;
                case Outcome<OperatorResult>.Conflict conflict:
                    refused.Add(new(id, conflict.Reason));
                    break;
            }
        }
        return new Outcome<ReplayedMessages>.Done(new(replayed, refused, ids.Count == ReplayDeadMatching.Most), replayed.Count > 0);
    }

    // Only what could be of use, so that a year of the dead is not refused one by one. In the order of their subjects, so
    // that two such commands cannot deadlock.
    private async Task<List<long>> MatchingAsync(ReplayDeadMatching request, CancellationToken cancellationToken)
    {
        await using var command = db.Command(Statement.Named("Outbox/Operators/Sql/dead-matching.sql"))
            .With(NullIfBlank(request.Kind), ReasonSearch.Patterns(request.ReasonContains), ReplayDeadMatching.Most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
