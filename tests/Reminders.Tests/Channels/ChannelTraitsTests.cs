using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Email;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Telegram;
using Reminders.WhatsApp;

namespace Reminders.Tests.Channels;

/// <summary>What a channel says of itself is what the engine goes by.</summary>
public sealed class ChannelTraitsTests
{
    private static readonly ChannelCatalog Known = new(
        TelegramChannel.Traits,
        EmailChannel.Traits,
        WhatsAppChannel.Traits,
        new("pager") { Uncertain = UncertainPolicy.Resend, HasSubject = true }
    );

    [Theory]
    [InlineData("telegram", "1001", "1001")]
    [InlineData("telegram", "0001001", "1001")]
    [InlineData("telegram", "-1001", null)]
    [InlineData("telegram", "0", null)]
    [InlineData("telegram", "anna", null)]
    [InlineData("whatsapp", "+49 (151) 234-56789", "4915123456789")]
    [InlineData("whatsapp", "123456", null)]
    [InlineData("whatsapp", "1234567890123456", null)]
    [InlineData("email", "anna@example.com", "anna@example.com")]
    [InlineData("email", "anna", null)]
    [InlineData("email", "a@b@c", null)]
    [InlineData("email", "anna@.com", null)]
    [InlineData("email", "Anna <anna@example.com>", null)]
    [InlineData("pager", " 17 ", "17")]
    [InlineData("pager", "  ", null)]
    [InlineData("pager", "17\n18", null)]
    public void An_address_has_one_spelling_or_is_none(string channel, string address, string? spelling)
    {
        var form = Known.Of(channel).Address;
        Assert.Equal(spelling is not null, form.IsAddress(address));
        if (spelling is not null)
        {
            Assert.Equal(spelling, form.Normal(address));
        }
    }

    [Theory]
    [InlineData("whatsapp", "4915123456789", "+4915123456789", true)]
    [InlineData("whatsapp", "4915123456780", "+4915123456789", false)]
    [InlineData("telegram", "1001", "1001", true)]
    [InlineData("telegram", "1001", "-1001", false)]
    public void A_press_is_from_whom_the_message_went_to(string channel, string from, string address, bool same) =>
        Assert.Equal(same, new Press(channel, from, "", null, "en").IsFrom(address, null, Known.Of(channel).Address));

    [Fact]
    public void A_kind_that_says_nothing_of_doubts_goes_by_its_channels()
    {
        var kind = Read(("Channels:0", "telegram"), ("Channels:1", "pager"), ("Templates:en:subject", "Cart"));
        Assert.Equal((UncertainPolicy.Hold, UncertainPolicy.Resend), (kind.Uncertain["telegram"], kind.Uncertain["pager"]));
        Assert.Equal(
            UncertainPolicy.Hold,
            Read(("Channels:0", "pager"), ("Uncertain:pager", "Hold"), ("Templates:en:subject", "Cart")).Uncertain["pager"]
        );
    }

    [Fact]
    public void A_channel_with_a_subject_line_wants_a_subject() =>
        Assert.Contains(
            "Kinds:K:Templates:en:subject is missing",
            Assert.Throws<InvalidOperationException>(() => Read(("Channels:0", "pager"))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_limit_holds_unless_a_setting_says_otherwise_and_stays_the_channels_own()
    {
        var changed = OutboxOptions.For(Known);
        changed.Limits["telegram"].PerSecond = 1;
        Assert.Equal(29, OutboxOptions.For(Known).LimitsOf("telegram").PerSecond);
        Assert.False(OutboxOptions.For(Known).LimitsOf("email").AreSet);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SMS")]
    [InlineData("text message")]
    [InlineData("inbox")]
    [InlineData("telegram")]
    public void A_name_that_is_none_or_taken_is_refused(string name)
    {
        var channels = new RemindersBuilder(new ServiceCollection(), new ConfigurationBuilder().Build()).Add(TelegramChannel.Traits);
        Assert.Contains($"'{name}'", Assert.Throws<ArgumentException>(() => channels.Add(new(name))).Message, StringComparison.Ordinal);
    }

    private static KindDefinition Read(params (string Key, string Value)[] settings) =>
        KindCatalog
            .Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection([
                        new("Kinds:K:Subject", "cart"),
                        new("Kinds:K:Templates:en:text", "Hello"),
                        .. settings.Select(pair => KeyValuePair.Create($"Kinds:K:{pair.Key}", (string?)pair.Value)),
                    ])
                    .Build(),
                Known
            )
            .Kinds["K"];
}
