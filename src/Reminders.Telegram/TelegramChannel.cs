using System.Globalization;

namespace Reminders.Telegram;

/// <summary>What Telegram is like.</summary>
internal static class TelegramChannel
{
    /// <summary>Of the bot that is not named, and of the sort.</summary>
    public const string Name = ChannelNames.Chat;

    public static ChannelTraits Traits { get; } =
        new(Name)
        {
            CanEdit = true,
            Capacity = new(TelegramLimits.MaxTextCodePoints, TelegramLimits.MaxTextCodePoints, InUtf16: false),
            Address = AddressForm.Said("form.chat", IsPerson, Normal),
            // About 30/s per bot and 1/s per chat. 29 evenly spaced leave 34 ms for messages of one second to crowd together on
            // their way.
            Limits = new() { PerSecond = 29, PerRecipientInterval = TimeSpan.FromSeconds(1.05) },
        };

    /// <summary>The same of a bot that has a name.</summary>
    public static ChannelTraits Of(string name) => Traits with { Name = name, Provider = Name };

    private static bool IsPerson(string address) =>
        address.Length <= 20 && long.TryParse(address, NumberStyles.None, CultureInfo.InvariantCulture, out var chat) && chat > 0;

    private static string Normal(string address) =>
        long.TryParse(address, NumberStyles.Integer, CultureInfo.InvariantCulture, out var chat)
            ? chat.ToString(CultureInfo.InvariantCulture)
            : address.Trim();
}
