using Reminders.Lab.Telegram;

namespace Reminders.Lab.Demo.Acts;

/// <summary>
/// Counts from the simulator's record, booking by booking, what arrived against what should have. A reminder whose reply
/// was dropped has arrived. One that was on its way out of a killed node either arrived, or the engine holds it for a
/// person to decide; only what did neither is lost.
/// </summary>
internal sealed class ActTally(Cast cast, SimulatorRecord record, IReadOnlyList<HeldMessage> held)
{
    private readonly List<string> _problems = [];
    private int _due;
    private int _delivered;
    private int _duplicates;
    private int _lost;

    public ActResult Count(string act, int suppressed, int repeatsAnswered, int repeatsAsked)
    {
        foreach (var slot in cast.Slots)
        {
            CountReminders(slot);
            CountNotes(slot);
        }
        var (inDoubt, settled) = CountDoubts();
        // Approvals that a killed node was asked may have counted or not; all others are known.
        if (suppressed < repeatsAnswered || suppressed > repeatsAsked)
        {
            _problems.Add($"{repeatsAnswered} to {repeatsAsked} repeated approvals should have been suppressed, and {suppressed} were.");
        }

        return new(act, _due, _delivered, _duplicates, _lost, suppressed, held.Count, inDoubt, settled, _problems);
    }

    private void CountReminders(Slot slot)
    {
        var arrived = slot.Arrived(record);
        var matched = 0;
        var missing = 0;
        foreach (var start in slot.Announced.GroupBy(start => slot.Clock(start)))
        {
            var there = arrived.Count(message => message.Text.Contains(start.Key, StringComparison.Ordinal));
            matched += Math.Min(there, start.Count());
            missing += Math.Max(0, start.Count() - there);
        }
        var heldWithoutArrival = Math.Min(
            missing,
            held.Count(message => message.Booking == slot.Id && message is { IsReminder: true, NodeWasLost: true })
        );
        _due += slot.Announced.Count;
        _delivered += matched;
        Twice(arrived.Count - matched, $"{slot.Name} got {arrived.Count} reminders and should have got {slot.Announced.Count}.");
        _lost += missing - heldWithoutArrival;
        if (missing > heldWithoutArrival)
        {
            _problems.Add($"{slot.Name} was not reminded, and nobody was told.");
        }
    }

    /// <summary>The recruiter hears of each answer once, and of each reminder in doubt.</summary>
    private void CountNotes(Slot slot)
    {
        Expect(slot, "✅", slot.Reaction == Reaction.Confirms ? 1 : 0, "CANDIDATE_CONFIRMED");
        Expect(slot, "❌", slot.Reaction == Reaction.Declines ? 1 : 0, "CANDIDATE_DECLINED");
        var doubts = slot.Notes(record, "❓").Count;
        if (held.Any(message => message.Booking == slot.Id && message.IsReminder) && doubts == 0 && !IsHeld(slot, "REMINDER_HELD"))
        {
            _problems.Add($"{slot.Recruiter.Name} was not told that the reminder of {slot.Name} is in doubt.");
        }

        Twice(
            doubts - slot.Announced.Count,
            $"{slot.Recruiter.Name} was told {doubts} times that the reminder of {slot.Name} is in doubt."
        );
    }

    private void Expect(Slot slot, string sign, int expected, string kind)
    {
        var notes = slot.Notes(record, sign).Count;
        Twice(notes - expected, $"{slot.Recruiter.Name} got {notes} notes {sign} about {slot.Name} instead of {expected}.");
        if (notes < expected && !IsHeld(slot, kind))
        {
            _problems.Add($"{slot.Recruiter.Name} was not told of the answer of {slot.Name}.");
        }
    }

    private bool IsHeld(Slot slot, string kind) => held.Any(message => message.Booking == slot.Id && message.Kind == kind);

    private void Twice(int extra, string problem)
    {
        if (extra <= 0)
        {
            return;
        }

        _duplicates += extra;
        _problems.Add(problem);
    }

    /// <summary>
    /// Every arrival the sender could not know of is held, unless its person pressed a button of it; and nothing else is
    /// held but what a killed node had on its way, which may have heard the answer and not lived to write it down.
    /// </summary>
    private (int InDoubt, int Settled) CountDoubts()
    {
        var pressed = cast.Slots.SelectMany(slot => slot.Pressed.Select(message => (slot.Chat, message))).ToHashSet();
        var doubts = record.Doubts.Where(doubt => doubt is { Method: "sendMessage", Accepted: true, MessageId: not null }).ToArray();
        var open = doubts.Where(doubt => !pressed.Contains((doubt.ChatId, doubt.MessageId!.Value))).ToLookup(doubt => doubt.ChatId);
        var kept = held.ToLookup(message => long.Parse(message.Address, System.Globalization.CultureInfo.InvariantCulture));
        var unheard = 0;
        foreach (var chat in open.Select(group => group.Key).Union(kept.Select(group => group.Key)))
        {
            var unexplained = kept[chat].Count() - open[chat].Count();
            if (unexplained < 0)
            {
                _problems.Add($"{-unexplained} messages to chat {chat} are in doubt and not held.");
            }

            if (unexplained > kept[chat].Count(message => message.NodeWasLost))
            {
                _problems.Add($"{unexplained} messages to chat {chat} are held without a reason.");
            }

            unheard += Math.Max(0, unexplained);
        }
        return (doubts.Length + unheard, doubts.Length - open.Sum(group => group.Count()));
    }
}
