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

    // For how long they are tried out, for the page that says what would happen: a few all of them, of more than these a sample.
    private static readonly TimeSpan PatienceForFew = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

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
        var look = isNone ? BulkLook.Of([], isAll: true) : await actions.LookAsync(act, selection, http.RequestAborted);
        var words = visitor.Words;
        return new(
            act,
            BackTo(act, selection),
            $"/outbox/many/{act}?{QueryOf(selection, asOf)}",
            words.ManyOf(act, look.Count, look.IsAll),
            "/outbox",
            words.Selected(selection, visitor.Zone),
            isNone ? null : command
        )
        {
            Reason = reason,
            Problem = isNone ? words.TickSome : null,
            Number = look.Count > Few || !look.IsAll ? look.Count : null,
            Untried = look is { Count: 0, IsAll: false } ? [words.NoneOfTheFirst] : null,
            Trial = look.Count > 0 ? command with { Selection = selection with { Ids = look.Sample } } : null,
            Foresee = (begun, _, stop) => ForeseeAsync(begun, selection, look, stop),
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

    /// <summary>
    /// What it would come to: the very steps of some that are spread over all, as many as there is time for, which are taken back with
    /// all else.
    /// </summary>
    private async Task<IReadOnlyList<string>> ForeseeAsync(
        BulkStatus tried,
        BulkSelection selection,
        BulkLook look,
        CancellationToken cancellationToken
    )
    {
        var (began, patience) = (time.GetTimestamp(), look.IsAll && look.Count <= BulkLook.Tried ? PatienceForFew : Patience);
        BulkStep step;
        do
        {
            step = ((Outcome<BulkStep>.Done)await mediator.Send(new StepBulk(tried.Id, BulkRunner.AtOnce), cancellationToken)).Value;
        } while (step is { Ended: false, Decided: > 0 } && time.GetElapsedTime(began) < patience);

        var (after, refusals) = (
            (await actions.FindAsync(tried.Id, cancellationToken))!,
            await actions.RefusalsAsync(tried.Id, cancellationToken)
        );
        var words = visitor.Words;
        return
        [
            words.ManyMatch(tried.Act, look, after.Done + after.Refused, after.Done, Pace(tried.Act, selection, look)),
            .. refusals.Select(refusal => words.NotDecided(refusal.Count, refusal.Count == 1 ? refusal.First : refusal.Why)),
        ];
    }

    /// <summary>How long what is sent takes; null where that is no time.</summary>
    private TimeSpan? Pace(string act, BulkSelection selection, BulkLook look) =>
        act is "resend" or "replay"
        && queues.Takes(look.Count, selection.Channel is { } one ? [one] : served.Select(channel => channel.Name)) is { } takes
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
