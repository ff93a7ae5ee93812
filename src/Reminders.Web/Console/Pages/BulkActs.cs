using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Web.Console.Acts;

namespace Reminders.Web.Console.Pages;

/// <summary>What operators decide about many messages.</summary>
internal sealed class BulkActs(
    CommandTransaction transaction,
    BulkActions actions,
    IMediator mediator,
    IEnumerable<ServedChannel> served,
    Queues queues,
    Visitor visitor,
    TimeProvider time
)
{
    // Above so many the number is typed.
    private const int Few = 50;

    // What is tried out for the page that says what would happen, and for how long.
    private const int Tried = 200;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    public async Task<Act<BulkStatus>?> FindAsync(HttpContext http, string act)
    {
        if (!BulkActions.Acts.Contains(act))
        {
            return null;
        }

        // Which ones stands in the address, so that the form asks about the same as the page.
        var query = http.Request.Query;
        var ids = query["id"].Select(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
        var asOf = long.TryParse(query["as_of"], NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            ? micros
            : await NowAsync(http);
        var selection = new BulkSelection(
            Text(query["kind"]),
            Text(query["channel"]),
            Text(query["reason"]),
            ids.Length == 0 ? null : ids,
            DateTimeOffset.UnixEpoch.AddMicroseconds(Math.Min(asOf, MaxMicros))
        );
        var reason = Typed.ByForm(http, "reason");
        var command = new BeginBulk(act, selection, reason.Length == 0 ? "?" : reason);
        var isNone = query["ticked"].Count > 0 && ids.Length == 0;
        var count = isNone ? 0 : await actions.CountAsync(act, selection, http.RequestAborted);
        var words = visitor.Words;
        return new(
            act,
            BackTo(act, selection),
            $"/outbox/many/{act}?{QueryOf(selection, asOf)}",
            words.ManyOf(act, count),
            "/outbox",
            words.Selected(selection, visitor.Zone),
            isNone ? null : command
        )
        {
            Reason = reason,
            Problem = isNone ? words.TickSome : null,
            Number = count > Few ? count : null,
            Foresee = ForeseeAsync,
            Then = begun => $"/bulk/{begun.Id}",
        };
    }

    public async Task<Act<BulkStatus>?> StopAsync(long id, CancellationToken cancellationToken)
    {
        if (await actions.FindAsync(id, cancellationToken) is not { } status)
        {
            return null;
        }

        var words = visitor.Words;
        return new(
            "stop",
            $"/bulk/{id}",
            $"/bulk/{id}/stop",
            words.StopMany,
            "/outbox",
            words.ManyOf(status.Act, status.Total),
            new StopBulk(id)
        )
        {
            Foresee = (_, _, _) => Task.FromResult<IReadOnlyList<string>>([words.IfStopped(status.Done, status.Total)]),
        };
    }

    /// <summary>What it would come to: the very steps, of as many as there is time for, which are taken back with all else.</summary>
    private async Task<IReadOnlyList<string>> ForeseeAsync(BulkStatus status, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var decided = 0;
        while (decided < Tried && time.GetElapsedTime(began) < Patience)
        {
            var step = (Outcome<BulkStep>.Done)await mediator.Send(new StepBulk(status.Id, BulkRunner.AtOnce), cancellationToken);
            decided += step.Value.Decided;
            if (step.Value.Ended)
            {
                break;
            }
        }

        var (after, refusals) = (
            (await actions.FindAsync(status.Id, cancellationToken))!,
            await actions.RefusalsAsync(status.Id, cancellationToken)
        );
        var words = visitor.Words;
        return
        [
            words.ManyMatch(status.Act, status.Total, decided, after.Done, Pace(status)),
            .. refusals.Select(refusal => words.NotDecided(refusal.Count, refusal.Count == 1 ? refusal.First : refusal.Why)),
        ];
    }

    /// <summary>How long what is sent takes; null where that is no time.</summary>
    private TimeSpan? Pace(BulkStatus status) =>
        status.Act is "resend" or "replay"
        && queues.Takes(status.Total, status.Selection.Channel is { } one ? [one] : served.Select(channel => channel.Name)) is { } takes
        && takes >= Moment
            ? takes
            : null;

    private async Task<long> NowAsync(HttpContext http)
    {
        await using var clock = transaction.Command("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
        return (long)(await clock.ExecuteScalarAsync(http.RequestAborted))!;
    }

    private const long MaxMicros = 200_000_000_000_000_000;

    private static string? Text(string? given) => string.IsNullOrWhiteSpace(given) ? null : given;

    private static string BackTo(string act, BulkSelection selection) =>
        $"/outbox?state={(act == "replay" ? "dead" : "uncertain")}&{FilterOf(selection)}";

    private static string QueryOf(BulkSelection selection, long asOf) =>
        $"{FilterOf(selection)}&as_of={asOf}{string.Concat((selection.Ids ?? []).Select(id => $"&id={id}"))}";

    private static string FilterOf(BulkSelection selection) =>
        $"kind={Uri.EscapeDataString(selection.Kind ?? "")}&channel={Uri.EscapeDataString(selection.Channel ?? "")}"
        + $"&reason={Uri.EscapeDataString(selection.ReasonContains ?? "")}";
}
