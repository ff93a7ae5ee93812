using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Extensions;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Reminders.Lab.Tests.Telegram;

/// <summary>A bot library of other people's takes the simulator for Telegram: a second opinion on what goes over the wire.</summary>
public sealed class LibraryTests
{
    private const long Chat = BotClient.Chat;

    private static CancellationToken Running => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_sent_edited_pressed_and_answered()
    {
        await using var bot = await BotClient.StartAsync();
        var library = Library(bot);
        Assert.Equal("sandbox_bot", (await library.GetMe(Running)).Username);

        var sent = await library.SendMessage(
            Chat,
            "Confirm?",
            replyMarkup: InlineKeyboardButton.WithCallbackData("I confirm", "y:1"),
            cancellationToken: Running
        );
        Assert.Equal((Chat, ChatType.Private, "Confirm?"), (sent.Chat.Id, sent.Chat.Type, sent.Text));
        bot.Simulator.PressButton(Chat, sent.Id, 0);

        var press = Assert.Single(await library.GetUpdates(cancellationToken: Running)).CallbackQuery!;
        Assert.Equal(("y:1", sent.Id, Chat), (press.Data, press.Message!.Id, press.From.Id));
        await library.AnswerCallbackQuery(press.Id, "Thank you", cancellationToken: Running);
        Assert.Equal("Thank you", Assert.Single(bot.Record.Answers).Text);

        var edited = await library.EditMessageText(Chat, sent.Id, "Confirmed", cancellationToken: Running);
        Assert.Equal(("Confirmed", true), (edited.Text, edited.EditDate is not null));
        Assert.Null(edited.ReplyMarkup);
    }

    [Theory]
    [InlineData("<b>Interview</b> at <i>14:00</i>")]
    [InlineData("<u>a</u> <s>b</s> <tg-spoiler>c</tg-spoiler> <code>d</code>")]
    [InlineData("<a href=\"https://example.org/?a=1&amp;b=2\">the <b>place</b></a> &lt;here&gt;")]
    [InlineData("<pre><code class=\"language-csharp\">var x = 1;</code></pre>")]
    [InlineData("<pre>plain</pre> <blockquote>quoted</blockquote>")]
    [InlineData("🙂 <b>Собеседование 🙂</b>")]
    public async Task HTML_comes_back_as_it_was_sent(string html)
    {
        await using var bot = await BotClient.StartAsync();
        var sent = await Library(bot).SendMessage(Chat, html, ParseMode.Html, cancellationToken: Running);
        Assert.Equal(html, sent.ToHtml());
    }

    [Theory]
    [InlineData(ParseMode.MarkdownV2, "*bold* _italic_ `code`", "<b>bold</b> <i>italic</i> <code>code</code>")]
    [InlineData(
        ParseMode.MarkdownV2,
        "[here](https://example.org/) ||hidden||",
        "<a href=\"https://example.org/\">here</a> <tg-spoiler>hidden</tg-spoiler>"
    )]
#pragma warning disable CS0618 // The legacy mode is still Telegram's.
    [InlineData(
        ParseMode.Markdown,
        "*bold* _italic_ [here](https://example.org/)",
        "<b>bold</b> <i>italic</i> <a href=\"https://example.org/\">here</a>"
    )]
#pragma warning restore CS0618
    public async Task So_does_Markdown(ParseMode mode, string text, string html)
    {
        await using var bot = await BotClient.StartAsync();
        Assert.Equal(html, (await Library(bot).SendMessage(Chat, text, mode, cancellationToken: Running)).ToHtml());
    }

    [Fact]
    public async Task Entities_follow_the_text_whose_white_space_was_cut_and_an_edit_of_them_alone_is_one()
    {
        await using var bot = await BotClient.StartAsync();
        var library = Library(bot);
        var sent = await library.SendMessage(Chat, " \n<b>  Interview </b> ", ParseMode.Html, cancellationToken: Running);
        var bold = Assert.Single(sent.Entities!);
        Assert.Equal((MessageEntityType.Bold, 0, 9, "Interview"), (bold.Type, bold.Offset, bold.Length, sent.Text));

        var edited = await library.EditMessageText(Chat, sent.Id, "<i>Interview</i>", ParseMode.Html, cancellationToken: Running);
        Assert.Equal(MessageEntityType.Italic, Assert.Single(edited.Entities!).Type);
        var same = await Assert.ThrowsAsync<ApiRequestException>(() =>
            library.EditMessageText(Chat, sent.Id, "<i>Interview</i>", ParseMode.Html, cancellationToken: Running)
        );
        Assert.Contains("message is not modified", same.Message);
        Assert.Null((await library.EditMessageText(Chat, sent.Id, "Interview", cancellationToken: Running)).Entities);
    }

    [Fact]
    public async Task Refusals_are_the_Bot_APIs_own_under_every_path()
    {
        await using var bot = await BotClient.StartAsync();
        var unknown = await Assert.ThrowsAsync<ApiRequestException>(() => Library(bot).SendMessage(9, "x", cancellationToken: Running));
        Assert.Equal((400, "Bad Request: chat not found"), (unknown.ErrorCode, unknown.Message));
        // The library's test environment is another path, which the simulator has not.
        var elsewhere = new TelegramBotClient(
            new TelegramBotClientOptions(bot.Simulator.Token, bot.Http.BaseAddress!.AbsoluteUri, useTestEnvironment: true)
        );
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiRequestException>(() => elsewhere.GetMe(Running))).ErrorCode);
        foreach (var path in (string[])["/nowhere", "/x", "/file/bot1:A/photo.jpg", "/bo", "/sandboxes"])
        {
            using var nowhere = await bot.Http.GetAsync(path, Running);
            (await Answer.ReadAsync(nowhere)).IsError(404, "Not Found");
        }
    }

    [Fact]
    public async Task A_webhook_is_set_and_shown()
    {
        await using var bot = await BotClient.StartAsync();
        var library = Library(bot);
        await library.SetWebhook(
            "http://127.0.0.1:1/hook",
            allowedUpdates: [UpdateType.CallbackQuery],
            secretToken: "s",
            cancellationToken: Running
        );
        var info = await library.GetWebhookInfo(Running);
        Assert.Equal(("http://127.0.0.1:1/hook", UpdateType.CallbackQuery), (info.Url, Assert.Single(info.AllowedUpdates!)));
        await library.DeleteWebhook(cancellationToken: Running);
        Assert.Equal("", (await library.GetWebhookInfo(Running)).Url);
    }

    private static TelegramBotClient Library(BotClient bot) =>
        new(new TelegramBotClientOptions(bot.Simulator.Token, bot.Http.BaseAddress!.AbsoluteUri) { RetryThreshold = 0 });
}
