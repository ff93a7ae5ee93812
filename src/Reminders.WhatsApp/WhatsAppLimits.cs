using System.Globalization;
using System.Text;

namespace Reminders.WhatsApp;

/// <summary>What Meta would refuse anyway, found before the wire: the reason is clearer, and it costs no call.</summary>
internal static class WhatsAppLimits
{
    public const int MaxTextLength = 4096;
    public const int MaxTextLengthWithButtons = 1024;
    public const int MaxButtons = 3;
    public const int MaxTitleLength = 20;
    public const int MaxButtonDataBytes = 256;

    /// <summary>What is wrong with the message, or null. A template's text is Meta's own, so only its buttons are looked at.</summary>
    public static string? Problem(Delivery delivery)
    {
        if (delivery.Template is null && TextProblem(delivery) is { } problem)
        {
            return problem;
        }
        if (delivery.Buttons.Count > MaxButtons)
        {
            return $"the message has {delivery.Buttons.Count} buttons; WhatsApp takes at most {MaxButtons}";
        }
        var titles = new HashSet<string>(StringComparer.Ordinal);
        foreach (var button in delivery.Buttons)
        {
            if (string.IsNullOrWhiteSpace(button.Label))
            {
                return $"the button with the data '{button.Data}' has no label";
            }
            if (!titles.Add(Title(button.Label)))
            {
                return $"two buttons read '{Title(button.Label)}' on WhatsApp, which shows {MaxTitleLength} characters and "
                    + "refuses the same title twice";
            }
            if (Encoding.UTF8.GetByteCount(button.Data ?? "") is (0 or > MaxButtonDataBytes) and var bytes)
            {
                return $"the data of the button '{button.Label}' has {bytes} bytes; WhatsApp wants 1 to {MaxButtonDataBytes}";
            }
        }
        return null;
    }

    /// <summary>
    /// A label as WhatsApp takes it: cut behind a whole word where one ends in the second half, never inside a character that
    /// a person sees as one. UTF-16 units are counted, as Meta does not say what it counts: an emoji may then cost one too many.
    /// </summary>
    public static string Title(string label)
    {
        label = label.Trim();
        if (label.Length <= MaxTitleLength)
        {
            return label;
        }
        var end = 0;
        var elements = StringInfo.GetTextElementEnumerator(label);
        while (elements.MoveNext() && elements.ElementIndex + elements.GetTextElement().Length < MaxTitleLength)
        {
            end = elements.ElementIndex + elements.GetTextElement().Length;
        }
        var word = label[end] == ' ' ? end : label.AsSpan(0, end).LastIndexOf(' ');
        return label[..(word > MaxTitleLength / 2 ? word : end)].TrimEnd() + "…";
    }

    private static string? TextProblem(Delivery delivery)
    {
        var most = delivery.Buttons.Count > 0 ? MaxTextLengthWithButtons : MaxTextLength;
        if (delivery.Text.Length == 0)
        {
            return $"the text is empty; WhatsApp wants 1 to {most} characters";
        }
        return delivery.Text.Length > most
            ? $"the text has {delivery.Text.Length} characters; WhatsApp takes at most "
                + $"{most}{(delivery.Buttons.Count > 0 ? " beside buttons" : "")}"
            : null;
    }
}
