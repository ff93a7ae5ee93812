using MediatR;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>
/// After the database was restored to an earlier point: sets aside what was due by <paramref name="Until"/>, because it may have been sent
/// by what is lost. A planned occurrence is skipped until it is released; a message that waited is in doubt.
/// </summary>
/// <param name="Until">When the last node that sent by the lost data has ended. Null: now, by the database's clock.</param>
/// <param name="DryRun">Only count them.</param>
/// <param name="FailOver">By the engine itself, after a fail-over: over all channels, and not what an inbox alone has, which was lost with
/// the commit.</param>
internal sealed record HoldDue(DateTimeOffset? Until, bool DryRun, string? Reason, bool FailOver = false) : ICommand<Outcome<HeldAside>>
{
    /// <summary>How many of either one command sets aside.</summary>
    public const int Most = 500;

    /// <summary>What the audit has its lines about.</summary>
    public const string About = "what was due at a restore";

    /// <summary>How the reason of what is set aside begins, also as older builds wrote it.</summary>
    public static readonly string[] Prefixes = ["held_restore: ", "held_failover: ", "held after a "];
}

/// <param name="More">Whether there may be others that this command did not get to.</param>
internal sealed record HeldAside(long Occurrences, long Messages, DateTimeOffset Until, bool More, bool DryRun);

internal sealed class HoldDueHandler(
    CommandTransaction db,
    KindCatalog kinds,
    IEnumerable<ServedChannel> served,
    Caller caller,
    Audit audit
) : IRequestHandler<HoldDue, Outcome<HeldAside>>
{
    public async Task<Outcome<HeldAside>> Handle(HoldDue request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        // With what goes before it, a reason still is one.
        errors.Text("reason", request.Reason, 900, required: !request.DryRun);
        var now = await db.NowAsync(cancellationToken);
        var until = request.Until ?? now;
        if (until > now)
        {
            errors.Add("until", "wrong.sent_later", $"{until:O}", $"{now:O}");
        }

        if (errors.All.Count > 0)
        {
            return new Outcome<HeldAside>.Invalid(errors.All);
        }

        var channels = (
            request.FailOver ? kinds.Channels.All.Select(channel => channel.Name) : served.Select(channel => channel.Name)
        ).ToArray();
        var all = kinds
            .Kinds.Values.Where(kind => !request.FailOver || kind.Channels.Intersect(channels).Any())
            .Select(kind => kind.Name)
            .ToArray();
        if (request.DryRun)
        {
            var (waiting, unsent) = await CountAsync(all, channels, until, cancellationToken);
            return new Outcome<HeldAside>.Done(new(waiting, unsent, until, More: false, DryRun: true), Changed: false);
        }

        var reason = Reasons.Of(request.FailOver ? "held_failover" : "held_restore", request.Reason);
        var action = request.FailOver ? "held after a fail-over" : "held after a restore";
        // What came after a fail-over was found is nobody's to have sent; what a restore brought back is all from before.
        var plannedUntil = (request.FailOver ? until : now.AddDays(1)).UtcDateTime;
        await using var planned = db.Command(Statement.Named("Outbox/Operators/Sql/hold-planned.sql"))
            .With(all, until.UtcDateTime, HoldDue.Most, caller.Name, reason, plannedUntil);
        var occurrences = (long[])(await planned.ExecuteScalarAsync(cancellationToken))!;
        await using var doubted = db.Command(Statement.Named("Outbox/Operators/Sql/hold-unsent.sql"))
            .With(all, channels, until.UtcDateTime, HoldDue.Most, reason, caller.Name, request.Reason, plannedUntil, action);
        var messages = (long)(await doubted.ExecuteScalarAsync(cancellationToken))!;
        if (occurrences.Length + messages > 0)
        {
            // The line is also what finds them again.
            await audit.WriteAsync(
                "ledger.hold",
                HoldDue.About,
                null,
                new
                {
                    until,
                    messages,
                    occurrences,
                },
                request.Reason,
                cancellationToken
            );
        }

        var more = occurrences.Length >= HoldDue.Most || messages >= HoldDue.Most;
        return new Outcome<HeldAside>.Done(
            new(occurrences.Length, messages, until, more, DryRun: false),
            occurrences.Length + messages > 0
        );
    }

    private async Task<(long Occurrences, long Messages)> CountAsync(
        string[] all,
        string[] channels,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        await using var count = db.Command(Statement.Named("Outbox/Operators/Sql/count-held.sql")).With(all, channels, until.UtcDateTime);
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
