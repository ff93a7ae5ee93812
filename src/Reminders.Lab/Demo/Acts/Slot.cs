using System.Globalization;
using Reminders.Bookings;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Demo.Acts;

/// <summary>What a candidate made of the reminder.</summary>
internal enum Reaction
{
    Silent,
    Confirms,
    Declines,
}

/// <summary>
/// One interview of the story: who, with whom, and what should have arrived by the end. The story writes down what it did;
/// nobody asks the engine.
/// </summary>
internal sealed class Slot(int number, string title, PersonDraft candidate, long chat, PersonDraft recruiter)
{
    public int Number => number;

    public string Title => title;

    public PersonDraft Candidate => candidate;

    /// <summary>The candidate's chat, whether or not the booking knows it yet.</summary>
    public long Chat => chat;

    public PersonDraft Recruiter => recruiter;

    public Guid Id { get; set; }

    /// <summary>What the candidate without a known chat sends to the bot.</summary>
    public string StartCode { get; set; } = "";

    /// <summary>Each start the candidate is to be reminded of, as often as that: a move after the reminder adds one.</summary>
    public List<DateTimeOffset> Announced { get; } = [];

    /// <summary>What the candidate said in the end.</summary>
    public Reaction Reaction { get; set; }

    /// <summary>Messages whose buttons the candidate pressed: they are proved to be there.</summary>
    public HashSet<long> Pressed { get; } = [];

    public string Name => $"{candidate.Name} (#{number:00})";

    /// <summary>The reminders of this slot as they arrived, with their two buttons.</summary>
    public IReadOnlyList<SentMessage> Arrived(SimulatorRecord record) =>
        [.. record.MessagesTo(chat).Where(message => message.Buttons.Count == 2 && message.Text.Contains(title, StringComparison.Ordinal))];

    public IReadOnlyList<SentMessage> Arrived(SimulatorRecord record, DateTimeOffset start) =>
        [.. Arrived(record).Where(message => message.Text.Contains(Clock(start), StringComparison.Ordinal))];

    /// <summary>What the recruiter heard about this slot.</summary>
    public IReadOnlyList<SentMessage> Notes(SimulatorRecord record, string sign) =>
        [
            .. record
                .MessagesTo(recruiter.TelegramChatId!.Value)
                .Where(message =>
                    message.Text.StartsWith(sign, StringComparison.Ordinal) && message.Text.Contains(title, StringComparison.Ordinal)
                ),
        ];

    /// <summary>The start as the reminder spells it for the candidate.</summary>
    public string Clock(DateTimeOffset start) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeZoneInfo.ConvertTimeBySystemTimeZoneId(start, candidate.Zone!):HH:mm} ({candidate.Zone})"
        );
}
