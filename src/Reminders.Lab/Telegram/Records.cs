using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>A button as the person sees it.</summary>
/// <param name="Label">Its text.</param>
/// <param name="Data">Its callback data; null for a button that opens a link or does something else without the bot.</param>
public readonly record struct SimulatedButton(string Label, string? Data);

/// <summary>A message Telegram accepted: whatever became of the reply, the person has it.</summary>
public sealed class SentMessage
{
    private readonly Keyboard? _keyboard;

    internal SentMessage(long chatId, long messageId, string text, Keyboard? keyboard, DateTimeOffset arrivedAt, FaultKind? fault)
    {
        ChatId = chatId;
        MessageId = messageId;
        Text = text;
        _keyboard = keyboard;
        ArrivedAt = arrivedAt;
        Fault = fault;
    }

    public long ChatId { get; }

    public long MessageId { get; }

    public string Text { get; }

    public DateTimeOffset ArrivedAt { get; }

    /// <summary>The fault that hid the acceptance from the sender; null when the sender was told.</summary>
    public FaultKind? Fault { get; }

    /// <summary>True when the sender cannot know that the message arrived.</summary>
    public bool ReplyDropped => Fault is not null;

    /// <summary>The inline buttons as sent, row by row. Read from the kept JSON each time, so that a million messages stay small.</summary>
    public IReadOnlyList<SimulatedButton> Buttons => _keyboard?.ReadButtons() ?? [];

    internal Keyboard? Keyboard => _keyboard;
}

/// <summary>A message as the person sees it now, after every edit.</summary>
public sealed record CurrentMessage(
    long ChatId,
    long MessageId,
    string Text,
    IReadOnlyList<SimulatedButton> Buttons,
    DateTimeOffset SentAt,
    DateTimeOffset? EditedAt
);

/// <summary>An edit Telegram accepted.</summary>
public sealed record MessageEdit(
    long ChatId,
    long MessageId,
    string Text,
    IReadOnlyList<SimulatedButton> Buttons,
    DateTimeOffset At,
    FaultKind? Fault
);

/// <summary>An accepted answer to a press: the toast, or the alert, over the person's chat.</summary>
public sealed record CallbackAnswer(string CallbackQueryId, long ChatId, long MessageId, string? Text, bool ShowAlert, DateTimeOffset At);

/// <summary>A press that Telegram queued for the bot.</summary>
/// <param name="UpdateIds">One id; two when the same press was queued twice.</param>
public sealed record QueuedPress(string CallbackQueryId, IReadOnlyList<int> UpdateIds);

/// <summary>What became of a press in the person's client.</summary>
/// <param name="Reached">False when no bot will ever see it: <paramref name="Detail"/> says why.</param>
public sealed record PressOutcome(bool Reached, string Detail, IReadOnlyList<QueuedPress> Presses);

/// <summary>A fault that left the sender unable to know what happened.</summary>
/// <param name="Method">The call it hit.</param>
/// <param name="ChatId">The chat of the call; 0 when the call named none.</param>
/// <param name="MessageId">The message that was sent, changed or answered about; null when nothing was.</param>
/// <param name="Accepted">True when the call took effect all the same.</param>
public sealed record InjectedDoubt(string Method, long ChatId, long? MessageId, bool Accepted, FaultKind Fault, DateTimeOffset At);
