using System.Collections.Concurrent;
using System.Globalization;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.WhatsApp;

/// <summary>A button as the person sees it.</summary>
/// <param name="Data">What it brings back.</param>
public readonly record struct WhatsAppButton(string Title, string Data);

/// <summary>A message that was accepted: whatever became of the reply, the person has it.</summary>
/// <param name="Type">text, interactive or template.</param>
/// <param name="Text">The text; for a template its name and values.</param>
/// <param name="Reference">biz_opaque_callback_data; null when none was given.</param>
/// <param name="Fault">The fault that hid the acceptance from the sender; null when the sender was told.</param>
public sealed record WhatsAppMessage(
    string Id,
    string To,
    string Type,
    string Text,
    IReadOnlyList<WhatsAppButton> Buttons,
    string? Reference,
    DateTimeOffset ArrivedAt,
    FaultKind? Fault
);

/// <summary>A fault that left the sender unable to know what happened.</summary>
/// <param name="MessageId">The message that was accepted all the same; null when none was.</param>
public sealed record WhatsAppDoubt(string To, string? MessageId, FaultKind Fault, DateTimeOffset At);

/// <summary>One POST to a webhook.</summary>
/// <param name="Name">What it tells of: a wamid, or a wamid and a status.</param>
/// <param name="Status">The answer's HTTP status; 0 when there was none.</param>
public sealed record WebhookPost(string Name, Uri Url, int Status);

/// <summary>The judge: everything that arrived, and what the sender could not know. Thread-safe; lists are snapshots.</summary>
public sealed class WhatsAppRecord
{
    private readonly ConcurrentQueue<WhatsAppMessage> _messages = new();
    private readonly ConcurrentQueue<WhatsAppDoubt> _doubts = new();
    private readonly ConcurrentQueue<WebhookPost> _posts = new();
    private readonly ConcurrentQueue<int> _errors = new();
    private readonly ChangeSignal _signal = new();
    private long _calls;

    public IReadOnlyList<WhatsAppMessage> Messages => [.. _messages];

    public IReadOnlyList<WhatsAppDoubt> Doubts => [.. _doubts];

    /// <summary>Every POST to a webhook that is over, in the order they ended.</summary>
    public IReadOnlyList<WebhookPost> Posts => [.. _posts];

    /// <summary>Calls to send, refused ones included.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Refusals by Graph error code; a gateway's by HTTP status.</summary>
    public IReadOnlyDictionary<int, int> ErrorsByCode => _errors.GroupBy(code => code).ToDictionary(code => code.Key, code => code.Count());

    public IReadOnlyList<WhatsAppMessage> MessagesTo(string number) => [.. _messages.Where(m => m.To == number)];

    public WhatsAppMessage? Find(string id) => _messages.FirstOrDefault(m => m.Id == id);

    /// <inheritdoc cref="ChangeSignal.WaitForAsync"/>
    public Task WaitForAsync(Func<WhatsAppRecord, bool> condition, TimeSpan patience, CancellationToken cancellationToken = default) =>
        _signal.WaitForAsync(
            () => condition(this),
            patience,
            () =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_messages.Count} messages, {_doubts.Count} doubts, {_errors.Count} errors, {_posts.Count} webhook posts"
                ),
            cancellationToken
        );

    /// <summary>Forgets everything; people and their windows stay.</summary>
    public void Clear()
    {
        _messages.Clear();
        _doubts.Clear();
        _posts.Clear();
        _errors.Clear();
        Interlocked.Exchange(ref _calls, 0);
        _signal.Changed();
    }

    internal void Add(WhatsAppMessage message) => Enqueue(_messages, message);

    internal void Add(WhatsAppDoubt doubt) => Enqueue(_doubts, doubt);

    internal void Add(WebhookPost post) => Enqueue(_posts, post);

    internal void CountError(int code) => Enqueue(_errors, code);

    internal void CountCall()
    {
        Interlocked.Increment(ref _calls);
        _signal.Changed();
    }

    private void Enqueue<T>(ConcurrentQueue<T> queue, T item)
    {
        queue.Enqueue(item);
        _signal.Changed();
    }
}
