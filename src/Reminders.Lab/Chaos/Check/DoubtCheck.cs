using Reminders.Lab.Chaos.Faults;

namespace Reminders.Lab.Chaos.Check;

/// <summary>
/// Holds every doubt against what was broken while its attempt lasted: a fault that the simulator injected into that
/// chat, each for one attempt only, or something the driver did to that node or to PostgreSQL.
/// </summary>
internal sealed class DoubtCheck(Evidence evidence)
{
    // The two sides read the same clock, but not in the same instant.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<long, MessageRow> _messages = evidence.Messages.ToDictionary(message => message.Id);
    private readonly Dictionary<long, LedgerRow> _ledger = evidence.Ledger.ToDictionary(row => row.Id);

    /// <summary>Attempts to send that ended without an answer worth the name.</summary>
    private IEnumerable<AttemptRow> Doubts =>
        from attempt in evidence.Attempts
        where
            attempt.Outcome
                is not (
                    "sent"
                    or "not sent"
                    or "throttled"
                    or "not delivered"
                    or "rejected"
                    or "unreachable"
                    or "migrated"
                    or "channel broken"
                    or "cannot be rendered"
                )
            && _messages.TryGetValue(attempt.MessageId, out var message)
            && message.Operation == "send"
        // The one that ended first chooses first: a long attempt beside a short one in the same chat has other faults to choose from.
        orderby attempt.SettledAt
        select attempt;

    /// <returns>Each doubt with what caused it; null when nothing is known that could have.</returns>
    public IEnumerable<(string Name, string? Cause)> Find()
    {
        var injected = evidence.Injected.Where(doubt => doubt.Method.Equals("sendMessage", StringComparison.OrdinalIgnoreCase)).ToList();
        foreach (var attempt in Doubts)
        {
            var row = _ledger.GetValueOrDefault(_messages[attempt.MessageId].OccurrenceId);
            var cause = injected.FindIndex(doubt =>
                doubt.ChatId == row?.Chat && doubt.At >= attempt.StartedAt - Slack && doubt.At <= attempt.SettledAt + Slack
            );
            var name =
                $"{row?.Name}: {attempt.Outcome} on {attempt.Node}, {attempt.StartedAt:HH:mm:ss.fff} to {attempt.SettledAt:HH:mm:ss.fff}";
            if (cause >= 0)
            {
                yield return (name, $"telegram {injected[cause].Fault}");
                injected.RemoveAt(cause);
            }
            else
            {
                var fault = evidence.Faults.FirstOrDefault(fault => Explains(fault, attempt));
                yield return fault is null ? ($"{name}; meanwhile: {Meanwhile(attempt)}", null) : (name, fault.Kind);
            }
        }
    }

    private static bool Overlaps(FaultEntry fault, AttemptRow attempt) =>
        fault.Begin <= attempt.SettledAt + Slack && fault.End >= attempt.StartedAt - Slack;

    /// <summary>What was done to the others, for whoever has to find out.</summary>
    private string Meanwhile(AttemptRow attempt)
    {
        var faults = evidence
            .Faults.Where(fault => Overlaps(fault, attempt))
            .Select(fault =>
                $"{fault.Kind} {fault.Node ?? "all"} ({fault.Detail}) from {fault.Begin:HH:mm:ss.fff} to {fault.End:HH:mm:ss.fff}"
            )
            .ToArray();
        return faults.Length == 0 ? "nothing was broken" : string.Join(", ", faults);
    }

    private static bool Explains(FaultEntry fault, AttemptRow attempt) =>
        Overlaps(fault, attempt)
        && (fault.Node is null || attempt.Node.StartsWith(fault.Node + "-", StringComparison.Ordinal))
        && fault.Kind switch
        {
            // Nothing done to the database keeps Telegram's answer from a node that lives.
            "pg-fast" or "pg-immediate" or "backend" or "cut" or "sigkill" => attempt.Outcome == "lease lost",
            // A node that slept through its time-out has hung up on Telegram itself.
            "sigstop" => true,
            _ => false,
        };
}
