using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders;
using Reminders.Channels;

namespace Sms;

/// <summary>The settings, section <c>Sms</c>.</summary>
public sealed record SmsOptions(Uri Url, string Token, string From);

/// <summary>What a text message is like. A kind goes there with <c>"Channels": ["sms"]</c>.</summary>
public static class SmsChannel
{
    public static ChannelTraits Traits { get; } =
        new("sms")
        {
            // Three parts of 67 UTF-16 units (UCS-2), which any text fits.
            Capacity = new(Longest: 201, LongestWithButtons: 201, InUtf16: true),
            Address = new("a phone number with its country code, such as +49 151 23456789", IsNumber, number => "+" + Digits(number)),
            Limits = new() { PerSecond = 5, PerRecipientInterval = TimeSpan.FromSeconds(2) },
        };

    /// <summary>The one line: <c>services.AddReminders(configuration).AddSms()</c>.</summary>
    public static RemindersBuilder AddSms(this RemindersBuilder channels)
    {
        channels.Services.AddSingleton(channels.Configuration.GetRequiredSection("Sms").Get<SmsOptions>()!);
        return channels.AddSender<SmsSender>(Traits);
    }

    private static bool IsNumber(string text) =>
        text.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-') && Digits(text).Length is >= 7 and <= 15;

    private static string Digits(string address) => string.Concat(address.Where(char.IsAsciiDigit));
}
