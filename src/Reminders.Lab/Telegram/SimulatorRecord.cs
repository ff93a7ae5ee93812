using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>
/// The judge: everything that arrived, in order, and every doubt that was injected. A message is here exactly when the
/// person has it, whatever the sender was told. Thread-safe; lists are snapshots.
/// </summary>
public sealed class SimulatorRecord
{
    private readonly ChatDirectory _chats;
    private readonly ConcurrentQueue<SentMessage> _messages = new();
    private readonly ConcurrentQueue<MessageEdit> _edits = new();
    private readonly ConcurrentQueue<CallbackAnswer> _answers = new();
    private readonly ConcurrentQueue<InjectedDoubt> _doubts = new();
    private readonly ConcurrentDictionary<string, StrongBox<long>> _calls = new(StringComparer.OrdinalIgnoreCase);
    private readonly long[] _errors = new long[600];
    private readonly ChangeSignal _signal = new();
    private long _messageCount;

    internal SimulatorRecord(ChatDirectory chats) => _chats = chats;

    /// <summary>How many messages arrived. Cheap, unlike <see cref="Messages"/>.</summary>
    public long MessageCount => Interlocked.Read(ref _messageCount);

    public IReadOnlyList<SentMessage> Messages => [.. _messages];

    public IReadOnlyList<MessageEdit> Edits => [.. _edits];

    public IReadOnlyList<CallbackAnswer> Answers => [.. _answers];

    /// <summary>The injected faults after which the sender could not know.</summary>
    public IReadOnlyList<InjectedDoubt> Doubts => [.. _doubts];

    /// <summary>Calls by method, refused ones included. Unknown methods are counted together under the empty name.</summary>
    public IReadOnlyDictionary<string, long> CallsByMethod => _calls.ToDictionary(c => c.Key, c => Interlocked.Read(ref c.Value.Value));

    /// <summary>Error answers by HTTP status, injected ones included.</summary>
    public IReadOnlyDictionary<int, long> ErrorsByCode =>
        Enumerable
            .Range(0, _errors.Length)
            .Where(c => Interlocked.Read(ref _errors[c]) > 0)
            .ToDictionary(c => c, c => Interlocked.Read(ref _errors[c]));

    /// <summary>How often the bot was told to slow down.</summary>
    public long TooManyRequests => Interlocked.Read(ref _errors[429]);

    public long Calls(string method) => _calls.TryGetValue(method, out var count) ? Interlocked.Read(ref count.Value) : 0;

    public IReadOnlyList<SentMessage> MessagesTo(long chatId) => _chats.Find(chatId)?.Messages() ?? [];

    /// <summary>The message as it is now; null when none with that id arrived in that chat.</summary>
    public CurrentMessage? CurrentMessage(long chatId, long messageId)
    {
        if (_chats.Find(chatId) is not { } chat)
        {
            return null;
        }

        lock (chat.Gate)
        {
            return chat.Find(messageId) is { } m
                ? new CurrentMessage(chatId, messageId, m.Text, m.Keyboard?.ReadButtons() ?? [], m.Sent.ArrivedAt, m.EditedAt)
                : null;
        }
    }

    /// <summary>Completes as soon as <paramref name="condition"/> holds; it is asked again after every change, never on a clock.</summary>
    /// <param name="patience">Real time, even when the simulator runs on another clock.</param>
    /// <exception cref="TimeoutException">It did not hold in time; the message says what had arrived.</exception>
    public Task WaitForAsync(Func<SimulatorRecord, bool> condition, TimeSpan patience, CancellationToken cancellationToken = default) =>
        _signal.WaitForAsync(
            () => condition(this),
            patience,
            () =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{MessageCount} messages, {_edits.Count} edits, {_answers.Count} callback answers, {_doubts.Count} "
                        + $"doubts, {TooManyRequests} times 429"
                ),
            cancellationToken
        );

    /// <summary>Forgets everything, the chats' messages included: for a bench between two runs. The chats stay.</summary>
    public void Clear()
    {
        _messages.Clear();
        _edits.Clear();
        _answers.Clear();
        _doubts.Clear();
        _calls.Clear();
        Array.Clear(_errors);
        Interlocked.Exchange(ref _messageCount, 0);
        foreach (var chat in _chats.All)
        {
            chat.Forget();
        }

        _signal.Changed();
    }

    internal void Add(SentMessage message)
    {
        _messages.Enqueue(message);
        Interlocked.Increment(ref _messageCount);
        _signal.Changed();
    }

    internal void Add(MessageEdit edit)
    {
        _edits.Enqueue(edit);
        _signal.Changed();
    }

    internal void Add(CallbackAnswer answer)
    {
        _answers.Enqueue(answer);
        _signal.Changed();
    }

    internal void Add(InjectedDoubt doubt)
    {
        _doubts.Enqueue(doubt);
        _signal.Changed();
    }

    internal void CountCall(string method)
    {
        Interlocked.Increment(ref _calls.GetOrAdd(method, static _ => new StrongBox<long>()).Value);
        _signal.Changed();
    }

    internal void CountError(int status)
    {
        Interlocked.Increment(ref _errors[status]);
        _signal.Changed();
    }
}
