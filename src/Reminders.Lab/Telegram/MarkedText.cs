using System.Text;

namespace Reminders.Lab.Telegram;

/// <summary>A text whose marks are being taken out, and the entities they become.</summary>
internal sealed class MarkedText
{
    private readonly StringBuilder _text = new();
    private readonly List<TextEntity> _entities = [];

    public int Length => _text.Length;

    public IReadOnlyList<TextEntity> Entities => _entities;

    /// <summary>The last thing that was marked.</summary>
    public TextEntity? Last => _entities is [.., var last] ? last : null;

    public void Append(char unit) => _text.Append(unit);

    public void Append(string text) => _text.Append(text);

    /// <param name="type">Null marks nothing.</param>
    /// <param name="from">Where the marked part begins; it ends here.</param>
    public void Mark(string? type, int from, string? name = null, string? value = null)
    {
        if (type is not null && Length > from)
        {
            _entities.Add(new(type, from, Length - from, name is null ? null : (name, value ?? _text.ToString(from, Length - from))));
        }
    }

    public override string ToString() => _text.ToString();
}
