using Reminders.Channels;
using Reminders.Tests.Channels.Wire;
using Reminders.WhatsApp;

namespace Reminders.Tests.Channels.WhatsApp;

/// <summary>What goes over the wire, to the letter, and what never does.</summary>
public sealed class WhatsAppWireTests
{
    [Fact]
    public async Task Buttons_go_as_an_interactive_message_that_carries_our_name_for_it()
    {
        var request = await SendAsync(Business.Message);
        Assert.Equal("/v23.0/1555000/messages", request.Path);
        Assert.Contains($"Authorization: Bearer {Business.Token}", request.Head);
        Assert.Equal(
            """{"to":"79990001001","type":"interactive","biz_opaque_callback_data":"17","interactive":{"body":{"text":"Собеседование в 14:00 \uD83D\uDE42"},"action":{"buttons":[{"reply":{"id":"confirm:1","title":"✅ I confirm"},"type":"reply"},{"reply":{"id":"decline:1","title":"❌ I can't make it"},"type":"reply"}]},"type":"button"},"messaging_product":"whatsapp","recipient_type":"individual"}""",
            request.Body
        );
    }

    [Fact]
    public async Task Without_buttons_it_is_a_text() =>
        Assert.Equal(
            """{"to":"79990001001","type":"text","biz_opaque_callback_data":"17","text":{"body":"Hello","preview_url":false},"messaging_product":"whatsapp","recipient_type":"individual"}""",
            (await SendAsync(Business.Message with { Text = "Hello", Buttons = [] })).Body
        );

    [Fact]
    public async Task A_template_takes_the_place_of_the_text_and_its_buttons_bring_back_ours()
    {
        var template = new ProviderTemplate("confirm_2h", "ru", ["Анна", "два\nслова\t и"]);
        var request = await SendAsync(Business.Message with { Text = "", Template = template });
        Assert.Equal(
            """{"name":"confirm_2h","language":{"code":"ru"},"components":[{"type":"body","parameters":[{"type":"text","text":"Анна"},{"type":"text","text":"два слова и"}]},{"type":"button","parameters":[{"type":"payload","payload":"confirm:1"}],"sub_type":"quick_reply","index":"0"},{"type":"button","parameters":[{"type":"payload","payload":"decline:1"}],"sub_type":"quick_reply","index":"1"}]}""",
            request.Json.GetProperty("template").GetRawText()
        );
        Assert.Equal("template", request.Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_Meta_would_refuse_never_reaches_the_wire()
    {
        Delivery[] bad =
        [
            Business.Message with
            {
                Operation = DeliveryOperation.Edit,
                ProviderMessageId = "wamid.1",
            },
            Business.Message with
            {
                Address = "Main Street 5",
            },
            Business.Message with
            {
                Address = "0123456789",
            },
            Business.Message with
            {
                Text = "",
            },
            Business.Message with
            {
                Text = new string('x', 1025),
            },
            Business.Message with
            {
                Text = new string('x', 4097),
                Buttons = [],
            },
            Business.Message with
            {
                Buttons = [new("1", "1"), new("2", "2"), new("3", "3"), new("4", "4")],
            },
            Business.Message with
            {
                Buttons = [new("A title that is much too long, one", "1"), new("A title that is much too long, two", "2")],
            },
            Business.Message with
            {
                Buttons = [new("Yes", new string('y', 257))],
            },
            Business.Message with
            {
                Buttons = [new(" ", "1")],
            },
        ];
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, Business.Accepted));
        using var sender = Business.Sender(server.Url);
        foreach (var delivery in bad)
        {
            Assert.IsType<SendResult.Rejected>(await sender.SendAsync(delivery, TestContext.Current.CancellationToken));
        }
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("I confirm", "I confirm")]
    [InlineData("  exactly twenty char", "exactly twenty char")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("I really cannot make it today", "I really cannot…")]
    [InlineData("Совершенноневозможноприйти", "Совершенноневозможн…")]
    [InlineData("123456789012345678👩‍👩‍👧 family", "123456789012345678…")]
    [InlineData("1234567890123456 8👍🏽more", "1234567890123456…")]
    public void A_title_is_cut_behind_a_word_and_never_inside_a_character(string label, string title)
    {
        Assert.Equal(title, WhatsAppLimits.Title(label));
        Assert.True(title.Length <= 20);
    }

    private static async Task<ReceivedRequest> SendAsync(Delivery delivery) =>
        Assert.Single((await Business.AnswerAsync(200, Business.Accepted, delivery)).Requests);
}
