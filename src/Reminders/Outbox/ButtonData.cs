using System.Diagnostics.Contracts;
using Reminders.Kinds;

namespace Reminders.Outbox;

/// <summary>
/// What a button carries: the answer and the message's own random token, 64 bytes at most, which is what Telegram takes. Anyone can
/// send such data, so it is only a name; whether it counts is judged by the rows it leads to.
/// </summary>
[Pure]
internal static class ButtonData
{
    public static string Of(string action, Guid token) => $"{action}:{token:N}";

    public static bool TryParse(string? data, out string action, out Guid token)
    {
        action = "";
        token = default;
        var colon = data?.IndexOf(':') ?? -1;
        if (colon <= 0 || !Guid.TryParseExact(data.AsSpan(colon + 1), "N", out token))
        {
            return false;
        }

        action = data![..colon];
        return KindAnswers.IsKey(action);
    }
}
