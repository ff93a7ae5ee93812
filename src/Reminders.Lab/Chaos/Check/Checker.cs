using System.Globalization;

namespace Reminders.Lab.Chaos.Check;

/// <summary>
/// The judge, after Jepsen's checker for Chronos: every occurrence that had to be told needs a message of its own in
/// Telegram's record, and every message an occurrence of its own. Pure, so that it can be tried on planted records.
/// </summary>
/// <remarks>
/// It believes Telegram's record about what arrived, the workload about what was asked and acknowledged, and the driver
/// about what was broken. The engine's rows it only believes where one of these bears them out.
/// </remarks>
internal sealed class Checker
{
    private readonly Evidence _evidence;
    private readonly ILookup<long, MessageRow> _sends;
    private readonly Dictionary<long, LedgerRow> _ledger;
    private readonly HashSet<(long Chat, long Message)> _arrived;

    private Checker(Evidence evidence)
    {
        _evidence = evidence;
        _ledger = evidence.Ledger.ToDictionary(row => row.Id);
        _sends = evidence.Messages.Where(message => message.Operation == "send").ToLookup(message => message.OccurrenceId);
        _arrived = [.. evidence.Arrivals.Select(arrival => (arrival.Chat, arrival.MessageId))];
    }

    public static Verdict Judge(Evidence evidence)
    {
        var checker = new Checker(evidence);
        var (delivered, twice) = checker.MatchArrivals();
        var doubts = new DoubtCheck(evidence).Find().ToArray();
        return new(
            evidence.Ledger.Count(row => row.DueAt <= evidence.ReadAt),
            delivered,
            twice,
            [.. checker.LostOccurrences(), .. checker.NeverPlanned(), .. checker.Forgotten(), .. checker.LostPresses()],
            [.. checker.Stuck()],
            [.. new StaleCheck(evidence).Find()],
            [.. new LateCheck(evidence).Find()],
            doubts.CountBy(doubt => doubt.Cause ?? "nothing known").ToDictionary(),
            [.. doubts.Where(doubt => doubt.Cause is null).Select(doubt => doubt.Name)]
        );
    }

    /// <summary>
    /// Each arrival is claimed by the one row that knows its id, or by one row that is in doubt about that very text.
    /// What nobody claims is one too many.
    /// </summary>
    private (int Delivered, List<string> Twice) MatchArrivals()
    {
        var known = new HashSet<(long, long)>();
        var inDoubt = new Dictionary<(long Chat, string Text), int>();
        foreach (var (row, message) in from row in _evidence.Ledger from message in _sends[row.Id] select (row, message))
        {
            if (message is { State: "sent", ProviderMessageId: { } id })
            {
                known.Add((row.Chat, long.Parse(id, CultureInfo.InvariantCulture)));
            }
            else if (InDoubt(message))
            {
                inDoubt[(row.Chat, row.Text)] = inDoubt.GetValueOrDefault((row.Chat, row.Text)) + 1;
            }
        }
        var names = _evidence.Ledger.ToLookup(row => (row.Chat, row.Text), row => row.Name);
        var twice = new List<string>();
        var delivered = 0;
        foreach (var arrival in _evidence.Arrivals)
        {
            var held = inDoubt.GetValueOrDefault((arrival.Chat, arrival.Text));
            if (known.Contains((arrival.Chat, arrival.MessageId)) || held > 0)
            {
                if (!known.Contains((arrival.Chat, arrival.MessageId)))
                {
                    inDoubt[(arrival.Chat, arrival.Text)] = held - 1;
                }

                delivered++;
                continue;
            }
            var name = names[(arrival.Chat, arrival.Text)].LastOrDefault() ?? $"nothing in the ledger: \"{arrival.Text}\"";
            twice.Add($"{name}, message {arrival.MessageId} in chat {arrival.Chat} at {arrival.At:HH:mm:ss.fff}");
        }
        twice.AddRange(
            from row in _evidence.Ledger
            from message in _sends[row.Id]
            where message.Number > 0 && !message.ByHand
            select $"{row.Name}, sent again as number {message.Number} although nobody ordered it"
        );
        return (delivered, twice);
    }

    private IEnumerable<string> LostOccurrences() =>
        from row in _evidence.Ledger
        where row.DueAt <= _evidence.ReadAt && row.State != "planned"
        let why = WhyLost(row)
        where why is not null
        select $"{row.Name}: {why}";

    /// <summary>Null when it was told, is held, or a reason that holds explains that it was not.</summary>
    private string? WhyLost(LedgerRow row) =>
        row.State switch
        {
            "fired" when !_sends[row.Id].Any() => "fired, and nothing in the outbox",
            "fired" => _sends[row.Id].Select(message => WhyLost(row, message)).FirstOrDefault(why => why is not null),
            "cancelled" => NoLongerWanted(row) ? null : $"cancelled ({row.Reason}), yet it was wanted",
            "skipped" when row.DecidedBy is { } earlier => Told(_ledger[earlier])
                ? null
                : $"skipped as already told by {_ledger[earlier].Name}, which nobody was",
            "skipped" => row.UsefulUntil <= _evidence.ReadAt ? null : $"skipped ({row.Reason}), yet it was of use",
            _ => $"{row.State} ({row.Reason})",
        };

    private string? WhyLost(LedgerRow row, MessageRow message) =>
        message.State switch
        {
            "sent" => message.ProviderMessageId is { } id && _arrived.Contains((row.Chat, long.Parse(id, CultureInfo.InvariantCulture)))
                ? null
                : $"called sent as message {message.ProviderMessageId}, which never arrived",
            "cancelled" => NoLongerWanted(row) ? null : $"cancelled ({message.Reason}), yet it was wanted",
            "dead" => row.UsefulUntil <= _evidence.ReadAt ? null : $"dead ({message.Reason}), yet it was of use",
            _ => null, // held, or stuck, which is said elsewhere
        };

    private bool Told(LedgerRow row) => _sends[row.Id].Any(message => message.State == "sent" || InDoubt(message));

    /// <summary>Within a version a status that is not wanted never comes back, so the last one decides.</summary>
    private static bool NoLongerWanted(LedgerRow row) =>
        row.Version < row.SubjectVersion || row.WantedIn.Count > 0 && !row.WantedIn.Contains(row.SubjectStatus);

    private static bool InDoubt(MessageRow message) =>
        message.State == "uncertain" || message is { State: "dead", Reason: "doubt_past_use" };

    /// <summary>The ledger must hold what the workload was told had been approved.</summary>
    private IEnumerable<string> NeverPlanned()
    {
        var planned = _evidence.Ledger.Where(row => row.Kind == "CONFIRM_2H").Select(row => (row.Booking, row.Version)).ToHashSet();
        return
        [
            .. from change in _evidence.Changes
            where change.Status == "approved" && !planned.Contains((change.Booking, change.Version))
            select $"CONFIRM_2H of {change.Booking} v{change.Version}: approved, and never planned",
        ];
    }

    /// <summary>An acknowledged change must still be there.</summary>
    private IEnumerable<string> Forgotten() =>
        from change in _evidence.Changes
        group change by change.Booking into booking
        let last = booking.Max(change => change.Version)
        join row in _evidence.Ledger.GroupBy(row => row.Booking) on booking.Key equals row.Key
        where row.First().SubjectVersion < last
        select $"{booking.Key}: version {last} was acknowledged, the database has {row.First().SubjectVersion}";

    private IEnumerable<string> LostPresses()
    {
        var handled = _evidence.Updates.Where(update => update.State != "failed").Select(update => update.Id).ToHashSet();
        return
        [
            .. from press in _evidence.Presses
            where !handled.Contains(press.UpdateId)
            select $"press on {press.Booking}: update {press.UpdateId} never stored, or given up",
        ];
    }

    private IEnumerable<string> Stuck() =>
        (
            from row in _evidence.Ledger
            where row.State == "planned" && row.DueAt <= _evidence.ReadAt
            select $"{row.Name}: planned, due {row.DueAt:HH:mm:ss}"
        )
            .Concat(
                from message in _evidence.Messages
                where message.State is "pending" or "retry" or "sending" && message.DueAt <= _evidence.ReadAt
                let row = _ledger.GetValueOrDefault(message.OccurrenceId)
                select $"{row?.Name}: {message.Operation} {message.Id} is {message.State} ({message.Reason}), due {message.DueAt:HH:mm:ss}"
            )
            .Concat(_evidence.Updates.Where(update => update.State == "received").Select(update => $"update {update.Id}: never handled"))
            .Concat(_evidence.WaitingEvents > 0 ? [$"{_evidence.WaitingEvents} events wait to be planned"] : []);
}
