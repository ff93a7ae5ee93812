using System.Collections.Concurrent;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>How a chat stands to the bot. The candidate's own deeds move it; none is final.</summary>
public enum ChatState
{
    /// <summary>Pressed /start: takes messages.</summary>
    Started = 0,

    /// <summary>Exists, but never wrote first: 403 "bot can't initiate conversation with a user".</summary>
    NeverStarted = 1,

    /// <summary>403 "bot was blocked by the user"; in a group "bot was kicked from the group chat".</summary>
    Blocked = 2,

    /// <summary>403 "user is deactivated".</summary>
    Deactivated = 3,
}

/// <summary>A candidate's chat (positive id, the same as the user's) or a group (negative id), with what arrived in it.</summary>
public sealed class SimulatedChat
{
    // Ascending by message id, because ids are given under the gate: found by bisection, and small for a million chats.
    private readonly List<StoredMessage> _messages = [];
    private FloodBucket _bucket;

    internal SimulatedChat(long id, string firstName, string languageCode, ChatState state)
    {
        Id = id;
        FirstName = firstName;
        LanguageCode = languageCode;
        State = state;
    }

    public long Id { get; }

    /// <summary>The person's first name, or the group's title.</summary>
    public string FirstName { get; }

    public string LanguageCode { get; }

    public ChatState State { get; internal set; }

    /// <summary>The supergroup this group became; null while it is what it was.</summary>
    public long? MigratedTo { get; internal set; }

    /// <summary>private, group or supergroup.</summary>
    public string Type =>
        Id > 0 ? "private"
        : Id < -1_000_000_000_000 ? "supergroup"
        : "group";

    internal Lock Gate { get; } = new();

    /// <summary>The 429 wait in whole seconds, or 0 and the message counts. Only for <see cref="FloodControl"/>, under its gate.</summary>
    internal int TakeSend(TimeProvider time, double perSecond, int burst) => _bucket.Take(time, perSecond, burst);

    internal void Store(StoredMessage message) => _messages.Add(message);

    internal StoredMessage? Find(long messageId)
    {
        var (low, high) = (0, _messages.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = _messages[middle];
            if (found.Sent.MessageId == messageId)
            {
                return found;
            }

            (low, high) = found.Sent.MessageId < messageId ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    internal SentMessage[] Messages()
    {
        lock (Gate)
        {
            return [.. _messages.Select(m => m.Sent)];
        }
    }

    internal void Forget()
    {
        lock (Gate)
        {
            _messages.Clear();
        }
    }
}

/// <summary>A message as sent and as it is now. Guarded by its chat's gate.</summary>
internal sealed class StoredMessage(SentMessage sent, TextEntity[] entities)
{
    public SentMessage Sent => sent;

    public string Text { get; private set; } = sent.Text;

    public TextEntity[] Entities { get; private set; } = entities;

    public Keyboard? Keyboard { get; private set; } = sent.Keyboard;

    public DateTimeOffset? EditedAt { get; private set; }

    public void Change(string text, TextEntity[] entities, Keyboard? keyboard, DateTimeOffset at) =>
        (Text, Entities, Keyboard, EditedAt) = (text, entities, keyboard, at);
}

/// <summary>Everyone Telegram knows of.</summary>
internal sealed class ChatDirectory(bool autoCreate)
{
    private readonly ConcurrentDictionary<long, SimulatedChat> _chats = new();
    private long _lastMessageId;

    public ICollection<SimulatedChat> All => _chats.Values;

    /// <summary>One row of ids for all chats, as a bot's private chats have.</summary>
    public long NextMessageId() => Interlocked.Increment(ref _lastMessageId);

    public SimulatedChat? Find(long chatId) => _chats.GetValueOrDefault(chatId);

    public SimulatedChat? FindOrCreate(long chatId)
    {
        if (_chats.TryGetValue(chatId, out var chat) || !autoCreate || chatId <= 0)
        {
            return chat;
        }

        return _chats.GetOrAdd(chatId, static id => new SimulatedChat(id, "Candidate", "en", ChatState.Started));
    }

    public SimulatedChat Add(long chatId, string firstName, string languageCode, ChatState state)
    {
        ArgumentOutOfRangeException.ThrowIfZero(chatId);
        return _chats.AddOrUpdate(
            chatId,
            static (id, a) => new SimulatedChat(id, a.firstName, a.languageCode, a.state),
            static (_, known, a) =>
            {
                known.State = a.state;
                return known;
            },
            (firstName, languageCode, state)
        );
    }
}
