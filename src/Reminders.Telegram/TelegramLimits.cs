using System.Text;

namespace Reminders.Telegram;

/// <summary>What Telegram would refuse anyway, found before the wire: the reason is clearer, and it costs no call.</summary>
internal static class TelegramLimits
{
    public const int MaxTextCodePoints = 4096;
    public const int MaxCallbackDataBytes = 64;

    /// <summary>What is wrong with the message, or null.</summary>
    public static string? Problem(Delivery delivery)
    {
        if (delivery.Text.Length == 0)
        {
            return "the text is empty; Telegram wants 1 to 4096 characters";
        }
        // A code point is one or two UTF-16 units, so most texts need no counting.
        if (delivery.Text.Length > MaxTextCodePoints && TextCapacity.CodePoints(delivery.Text) is > MaxTextCodePoints and var length)
        {
            return $"the text has {length} characters; Telegram takes at most {MaxTextCodePoints}";
        }
        foreach (var button in delivery.Buttons)
        {
            if (string.IsNullOrEmpty(button.Label))
            {
                return $"the button with the data '{button.Data}' has no label";
            }
            if (Encoding.UTF8.GetByteCount(button.Data ?? "") is (0 or > MaxCallbackDataBytes) and var bytes)
            {
                return $"the data of the button '{button.Label}' has {bytes} bytes; Telegram wants 1 to {MaxCallbackDataBytes}";
            }
        }
        return null;
    }
}
