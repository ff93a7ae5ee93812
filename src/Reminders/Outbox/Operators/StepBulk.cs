using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Decides over the next few messages of a decision over many. What is decided, and that it is, are one commit: nobody decides twice,
/// and nobody has to remember how far it was.
/// </summary>
/// <param name="Most">How many.</param>
internal sealed record StepBulk(long Id, int Most) : ICommand<Outcome<BulkStep>>;

/// <summary>Says of one message that the database refuses to have it decided: the others need not wait for it.</summary>
internal sealed record PassOverInBulk(long Id, string Refusal) : ICommand<Outcome<BulkStep>>;

/// <param name="Decided">How many were, one way or the other; 0 where another node is at it.</param>
/// <param name="Ended">Whether there are no more.</param>
internal sealed record BulkStep(int Decided, bool Ended);

internal sealed class StepBulkHandler(CommandTransaction db, BulkActions actions, OperatorDesk desk, SubjectChanges changes, Caller caller)
    : IRequestHandler<StepBulk, Outcome<BulkStep>>,
        IRequestHandler<PassOverInBulk, Outcome<BulkStep>>
{
    private const string Next = """
        SELECT message_id FROM reminders.bulk_message WHERE bulk_id = $1 AND done_at IS NULL ORDER BY subject_id, message_id LIMIT $2
        """;

    public async Task<Outcome<BulkStep>> Handle(StepBulk request, CancellationToken cancellationToken)
    {
        if (await TakeAsync(request.Id, cancellationToken) is not var (act, reason))
        {
            return new Outcome<BulkStep>.Done(new(0, Ended: false), Changed: false);
        }

        var (ids, refusals) = (await NextAsync(request.Id, request.Most, cancellationToken), new List<string?>());
        foreach (var id in ids)
        {
            refusals.Add(RefusalOf(await DecideAsync(act, id, reason, cancellationToken)));
        }

        return await NoteAsync(request.Id, ids, refusals, request.Most, cancellationToken);
    }

    public async Task<Outcome<BulkStep>> Handle(PassOverInBulk request, CancellationToken cancellationToken)
    {
        if (await TakeAsync(request.Id, cancellationToken) is null)
        {
            return new Outcome<BulkStep>.Done(new(0, Ended: false), Changed: false);
        }

        var ids = await NextAsync(request.Id, 1, cancellationToken);
        return await NoteAsync(request.Id, ids, [.. ids.Select(_ => request.Refusal)], 1, cancellationToken);
    }

    /// <summary>Its row, for the rest of the transaction; null where it has ended or another node has it. Whoever asked decides.</summary>
    private async Task<(string Act, string Reason)?> TakeAsync(long id, CancellationToken cancellationToken)
    {
        await using var take = db.Command(
                """
                SELECT act, reason, asked_by FROM reminders.bulk_action WHERE id = $1 AND ended_at IS NULL FOR UPDATE SKIP LOCKED
                """
            )
            .With(id);
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        caller.Name = reader.GetString(2);
        return (reader.GetString(0), reader.GetString(1));
    }

    private async Task<long[]> NextAsync(long id, int most, CancellationToken cancellationToken)
    {
        await using var next = db.Command($"SELECT ARRAY({Next})").With(id, most);
        return (long[])(await next.ExecuteScalarAsync(cancellationToken))!;
    }

    private Task<Outcome<OperatorResult>> DecideAsync(string act, long id, string reason, CancellationToken cancellationToken) =>
        act switch
        {
            "arrived" => desk.SettleHeldAsync(changes, id, delivered: true, reason, cancellationToken),
            "lost" => desk.SettleHeldAsync(changes, id, delivered: false, reason, cancellationToken),
            "resend" => desk.ResendAsync(id, reason, cancellationToken),
            _ => desk.ReplayAsync(id, reason, cancellationToken),
        };

    private async Task<Outcome<BulkStep>> NoteAsync(
        long id,
        long[] ids,
        IReadOnlyList<string?> refusals,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using (
            var note = db.Command(
                    """
                    UPDATE reminders.bulk_message b SET done_at = clock_timestamp(), refusal = d.refusal
                    FROM unnest($2::bigint[], $3::text[]) AS d (id, refusal) WHERE b.bulk_id = $1 AND b.message_id = d.id
                    """
                )
                .With(id, ids, refusals.ToArray())
        )
        {
            await note.ExecuteNonQueryAsync(cancellationToken);
        }

        var ended = ids.Length < most;
        if (ended)
        {
            await using var end = db.Command("UPDATE reminders.bulk_action SET ended_at = clock_timestamp() WHERE id = $1").With(id);
            await end.ExecuteNonQueryAsync(cancellationToken);
        }

        await actions.TellAsync(begun: false, cancellationToken);
        return new Outcome<BulkStep>.Done(new(ids.Length, ended));
    }

    private static string? RefusalOf(Outcome<OperatorResult> outcome) =>
        outcome switch
        {
            Outcome<OperatorResult>.Done => null,
            Outcome<OperatorResult>.Conflict conflict => conflict.Why,
            Outcome<OperatorResult>.NotFound missing => missing.Why,
            _ => Reasons.Of("refused"),
        };
}
