using Reminders.Channels;

namespace Reminders.Tests.Channels;

/// <summary>Whichever sender makes it, ours or a guest's, a result holds nothing that could not be kept.</summary>
public sealed class SendResultTests
{
    private const string Hostile = "a\0b\u001b[31m\r\n";

    public static TheoryData<Func<string, SendResult>> Makers =>
        new()
        {
            text => new SendResult.NotDelivered(text),
            text => new SendResult.Rejected(text),
            text => new SendResult.Unreachable(text),
            text => new SendResult.ChannelBroken(text),
            text => new SendResult.Uncertain(text),
            text => new SendResult.Throttled(TimeSpan.FromSeconds(1), ThrottleScope.Channel, text),
        };

    [Theory]
    [MemberData(nameof(Makers), DisableDiscoveryEnumeration = true)]
    public void Its_text_is_clean_and_short(Func<string, SendResult> make)
    {
        Assert.Equal("a b [31m  ", DetailOf(make(Hostile)));
        Assert.Equal("\ufffd", DetailOf(make("\ud83d")));
        Assert.Equal(OutsideText.Detail, DetailOf(make(new string('x', 10_000_000))).Length);
        Assert.Equal("", DetailOf(make(null!)));
    }

    [Fact]
    public void An_id_is_kept_as_it_is_or_not_at_all()
    {
        Assert.Equal("wamid.HBgL77=", new SendResult.Sent("wamid.HBgL77=").ProviderMessageId);
        Assert.Null(new SendResult.Sent("77").Remark);
        foreach (var id in (string?[])[null, "", "  ", "7\07", "7\n7", "\ud83d", new('7', 257)])
        {
            var sent = new SendResult.Sent(id);
            Assert.Null(sent.ProviderMessageId);
            Assert.Contains("cannot be kept", sent.Remark, StringComparison.Ordinal);
        }
        Assert.Null(new SendResult.Unreachable("moved", "-100\0").MigratedTo);
    }

    private static string DetailOf(SendResult result) => (string)result.GetType().GetProperty("Detail")!.GetValue(result)!;
}
