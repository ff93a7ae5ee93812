using System.Text.Json;
using System.Text.Json.Serialization;
using Telegram.Bot.Requests;
using Telegram.Bot.Types.Enums;

namespace Reminders.Telegram;

/// <summary>
/// Updates as they came. Telegram.Bot's own request reads them all, and fails for the whole batch at one value it does not know:
/// the offset would never move again.
/// </summary>
/// <param name="offset">Confirms every update below it; null asks for the oldest unconfirmed.</param>
/// <param name="timeout">Seconds Telegram may hold the call open, 0–50.</param>
/// <param name="limit">1–100; null is 100.</param>
/// <param name="allowedUpdates">Null keeps what was set before, for whichever program set it: name them.</param>
internal sealed class GetUpdates(long? offset, int timeout, int? limit = null, UpdateType[]? allowedUpdates = null)
    : RequestBase<JsonElement[]>("getUpdates")
{
    public long? Offset { get; } = offset;

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Timeout { get; } = timeout;

    public int? Limit { get; } = limit;

    public UpdateType[]? AllowedUpdates { get; } = allowedUpdates;
}
