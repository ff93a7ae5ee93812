using System.Text.Json;
using Reminders.Telegram;

namespace Reminders.Tests.Channels.Telegram;

public sealed class TelegramUpdateTests
{
    [Fact]
    public void A_press_is_read_whole()
    {
        var update = Read(
            """
            {"update_id":10,"callback_query":{"id":"4382bfdwdsb323b2d9","from":{"id":42,"is_bot":false,"first_name":"Ann","username":"ann","language_code":"ru"},
             "message":{"message_id":77,"chat":{"id":42,"type":"private"},"date":1760000000,"text":"Hi"},"chat_instance":"-99","data":"c:1"}}
            """
        );
        Assert.Equal(10, update.UpdateId);
        Assert.Equal(
            new TelegramCallback(
                "4382bfdwdsb323b2d9",
                new TelegramUser(42, "ann", "Ann", "ru"),
                new TelegramMessage(77, null, new TelegramChat(42, "private"), DateTimeOffset.FromUnixTimeSeconds(1760000000), "Hi"),
                "-99",
                "c:1"
            ),
            update.Callback
        );
    }

    [Fact]
    public void A_press_on_a_message_that_is_no_longer_shown_has_only_its_ids()
    {
        var update = Read(
            """
            {"update_id":10,"callback_query":{"id":"1","from":{"id":42},"message":{"message_id":77,"chat":{"id":42},"date":0}}}
            """
        );
        Assert.Null(update.Callback!.Message!.Date);
        Assert.Null(update.Callback.Data);
    }

    [Fact]
    public void A_message_and_a_block_are_read()
    {
        Assert.Equal(
            "/start x",
            Read("""{"update_id":1,"message":{"message_id":2,"from":{"id":3},"chat":{"id":3},"date":1,"text":"/start x"}}""").Message!.Text
        );
        var block = Read(
            """
            {"update_id":2,"my_chat_member":{"chat":{"id":3,"type":"private"},"from":{"id":3},"new_chat_member":{"status":"kicked"}}}
            """
        );
        Assert.Equal("kicked", block.MyChatMember!.Status);
    }

    [Theory]
    [InlineData("""{"update_id":5}""")]
    [InlineData("""{"update_id":5,"poll":{"id":"1"}}""")]
    [InlineData("""{"update_id":5,"message":null}""")]
    [InlineData("""{"update_id":5,"message":"text"}""")]
    [InlineData("""{"update_id":5,"message":{"message_id":"x","chat":[]}}""")]
    [InlineData("""{"update_id":5,"my_chat_member":{"chat":{"id":1}}}""")]
    public void What_is_unknown_or_of_another_form_is_passed_over(string json) => Assert.Equal(new TelegramUpdate(5), Read(json));

    [Fact]
    public void A_text_with_half_a_character_is_no_text_and_no_failure()
    {
        var update = Read("""{"update_id":5,"callback_query":{"id":"1","from":{"id":1},"data":"\ud83d"}}""");
        Assert.Null(update.Callback!.Data);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""7""")]
    [InlineData("""{"update_id":null}""")]
    [InlineData("""{"update_id":""}""")]
    [InlineData("""{"update_id":"12"}""")]
    [InlineData("""{"update_id":1.5}""")]
    [InlineData("""{"update_id":0}""")]
    [InlineData("""{"update_id":-1}""")]
    [InlineData("""{"update_id":99999999999999999999}""")]
    public void An_update_without_a_usable_id_is_refused_by_name(string json) => Assert.Equal("update_id", Refused(json).Field);

    [Theory]
    [InlineData("""{"from":{"id":1}}""", "callback_query.id")]
    [InlineData("""{"id":"","from":{"id":1}}""", "callback_query.id")]
    [InlineData("""{"id":7,"from":{"id":1}}""", "callback_query.id")]
    [InlineData("""{"id":"7"}""", "callback_query.from.id")]
    [InlineData("""{"id":"7","from":{"id":"1"}}""", "callback_query.from.id")]
    public void A_press_without_its_id_or_its_person_is_refused_by_name(string press, string field) =>
        Assert.Equal(field, Refused($$"""{"update_id":5,"callback_query":{{press}}}""").Field);

    private static TelegramUpdate Read(string json) => Assert.IsType<ParsedUpdate.Read>(Parse(json)).Update;

    private static ParsedUpdate.Refused Refused(string json) => Assert.IsType<ParsedUpdate.Refused>(Parse(json));

    private static ParsedUpdate Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return TelegramUpdate.Parse(document.RootElement);
    }
}
