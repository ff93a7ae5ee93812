using System.Text.Json;

namespace Reminders.Lab.Telegram;

/// <param name="Type">The update's only field besides its id: message, callback_query, my_chat_member.</param>
/// <param name="OrderKey">Updates with the same key are delivered to a webhook one after the other.</param>
internal sealed record Update(int Id, string Type, byte[] Payload, long OrderKey, DateTimeOffset ExpiresAt)
{
    public void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteNumber("update_id"u8, Id);
        w.WritePropertyName(Type);
        w.WriteRawValue(Payload, skipInputValidation: true);
        w.WriteEndObject();
    }
}

/// <summary>What waits for the bot. An update stays until it is confirmed or its time is up; it is written down when it happens.</summary>
internal sealed class UpdateQueue(TimeProvider time, int firstId)
{
    private static readonly HashSet<string> NotByDefault = ["chat_member", "message_reaction", "message_reaction_count"];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Update> _waiting = [];
    private HashSet<string>? _allowed;
    private int _next = firstId;

    /// <summary>Told of each update, outside the lock.</summary>
    public event Action<Update>? Pushed;

    /// <summary>The last setting; null for the default.</summary>
    public IReadOnlyCollection<string>? Allowed => Volatile.Read(ref _allowed);

    public int Count => Pending().Count;

    /// <summary>The update's id, or 0 when the bot has not asked for its type.</summary>
    public int Push(string type, byte[] payload, long orderKey, TimeSpan lifetime)
    {
        Update update;
        lock (_gate)
        {
            if (_allowed is null ? NotByDefault.Contains(type) : !_allowed.Contains(type))
            {
                return 0;
            }

            update = new Update(_next++, type, payload, orderKey, time.GetUtcNow() + lifetime);
            _waiting.Add(update.Id, update);
        }

        Pushed?.Invoke(update);
        return update.Id;
    }

    /// <summary>
    /// getUpdates without the waiting: forgets what <paramref name="offset"/> confirms. A negative one keeps only so many from
    /// the end. One more than 10 past the end confirms nothing: the real queue takes it for a mistake.
    /// </summary>
    public List<Update> Take(int offset, int limit)
    {
        lock (_gate)
        {
            DropExpired();
            if (offset < 0)
            {
                Drop(_waiting.Keys.SkipLast((int)Math.Min(int.MaxValue, -(long)offset)));
            }
            else if (offset <= _next + 10)
            {
                Drop(_waiting.Keys.TakeWhile(id => id < offset));
            }

            return [.. _waiting.Values.Take(limit)];
        }
    }

    public List<Update> Pending()
    {
        lock (_gate)
        {
            DropExpired();
            return [.. _waiting.Values];
        }
    }

    public void Forget(int id)
    {
        lock (_gate)
        {
            _waiting.Remove(id);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
        }
    }

    /// <summary>An omitted or unreadable list changes nothing; an empty one, or one of unknown names, restores the default.</summary>
    public void SetAllowed(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return;
        }

        try
        {
            var names = JsonSerializer.Deserialize<string[]>(json);
            if (names is not null)
            {
                Volatile.Write(ref _allowed, names.Length == 0 ? null : names.Select(n => n.ToLowerInvariant()).ToHashSet());
            }
        }
        catch (JsonException)
        {
            // Not a list of strings: the real server ignores it too.
        }
    }

    private void DropExpired()
    {
        var now = time.GetUtcNow();
        Drop(_waiting.Values.Where(u => u.ExpiresAt < now).Select(u => u.Id));
    }

    private void Drop(IEnumerable<int> ids)
    {
        foreach (var id in ids.ToArray())
        {
            _waiting.Remove(id);
        }
    }
}
