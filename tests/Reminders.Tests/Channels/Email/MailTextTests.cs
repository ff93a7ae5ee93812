using System.Text;
using Reminders.Channels;
using Reminders.Email;

namespace Reminders.Tests.Channels.Email;

/// <summary>What is written, as a server that reads it by the book sees it.</summary>
public sealed class MailTextTests
{
    private const string Russian = "Собеседование «Инженер» завтра в 14:00 🙂, не забудьте, пожалуйста, паспорт и хорошее настроение";

    [Fact]
    public async Task Text_HTML_subject_and_names_arrive_as_they_were_given()
    {
        await using var post = await Post.OpenAsync(alter: options => options.FromName = "Напоминания \"HR\"");
        var mail = await post.DeliverAsync(
            Post.Message with
            {
                Subject = Russian,
                Text = $"{Russian}\n.\n..точка\n",
                Html = $"<p>{Russian}</p>",
            }
        );
        Assert.Equal((Russian, $"{Russian}\n.\n..точка", $"<p>{Russian}</p>"), (mail.Subject, mail.Text, mail.Html));
        Assert.Equal(
            ("Напоминания \"HR\"", "reminders@example.org"),
            (mail.Message.From.Mailboxes.Single().Name, mail.Message.From.Mailboxes.Single().Address)
        );
        Assert.Equal("anna@example.org", mail.Header("To"));
        Assert.Equal("Sun, 01 Mar 2026 12:00:00 +0000", mail.Header("Date"));
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
    }

    [Fact]
    public async Task A_plain_text_stays_plain_and_its_dots_stay_its_own()
    {
        await using var post = await Post.OpenAsync(alter: options => options.FromName = "HR \\ \"people\"");
        var mail = await post.DeliverAsync(Post.Message with { Text = ".\n..\n.hidden\r\nend\rlast" });
        Assert.Equal(".\n..\n.hidden\nend\nlast", mail.Text);
        Assert.Null(mail.Html);
        Assert.Contains("Content-Transfer-Encoding: 7bit", mail.Raw, StringComparison.Ordinal);
        Assert.Equal("\"HR \\\\ \\\"people\\\"\" <reminders@example.org>", mail.Header("From"));
    }

    [Fact]
    public async Task Its_id_is_the_stable_one_and_what_the_outbox_keeps()
    {
        await using var post = await Post.OpenAsync();
        var sent = Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.Equal("<12.1760000000.5@example.org>", sent.ProviderMessageId);
        var again = await post.DeliverAsync(Post.Message with { Reference = "8" });
        Assert.All(post.Record.Mails, mail => Assert.Equal(sent.ProviderMessageId, mail.MessageId));
        Assert.Equal(2, post.Record.MailCount);
        Assert.Equal(again.MessageId, sent.ProviderMessageId);
    }

    [Theory]
    [InlineData("a>\r\nBcc: eve@example.org\r\nX: <")]
    [InlineData("a b")]
    [InlineData("a@b")]
    [InlineData("")]
    [InlineData(".a")]
    public async Task An_id_of_another_form_is_rejected(string id)
    {
        await using var post = await Post.OpenAsync();
        Assert.IsType<SendResult.Rejected>(await post.SendAsync(Post.Message with { StableId = id }));
    }

    [Theory]
    [InlineData("Hello\r\nBcc: eve@example.org\r\n\r\n<b>hi</b>")]
    [InlineData("Hello\nBcc: eve@example.org")]
    [InlineData("Hello\rBcc: eve@example.org")]
    [InlineData("Привет\r\nBcc: eve@example.org")]
    [InlineData("=?utf-8?B?DQpCY2M6IGV2ZUBleGFtcGxlLm9yZw==?=")]
    public async Task A_subject_or_name_cannot_begin_another_header(string text)
    {
        await using var post = await Post.OpenAsync(alter: options => options.FromName = text);
        var mail = await post.DeliverAsync(Post.Message with { Subject = text });
        Assert.Null(mail.Header("Bcc"));
        Assert.Equal(
            ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"],
            mail.Headers.Select(header => header.Name)
        );
        Assert.Equal("Hello Anna", mail.Text);
        Assert.Equal(text.Replace('\r', ' ').Replace('\n', ' '), mail.Subject);
    }

    [Theory]
    [InlineData("https://example.org/u/abc?x=1", true)]
    [InlineData("mailto:stop@example.org", false)]
    public async Task Who_wants_no_more_can_say_so_with_one_click(string url, bool oneClick)
    {
        await using var post = await Post.OpenAsync();
        var mail = await post.DeliverAsync(Post.Message with { Unsubscribe = new Uri(url) });
        Assert.Equal($"<{url}>", mail.Header("List-Unsubscribe"));
        Assert.Equal(oneClick ? "List-Unsubscribe=One-Click" : null, mail.Header("List-Unsubscribe-Post"));
    }

    [Fact]
    public async Task A_link_longer_than_a_line_is_rejected()
    {
        await using var post = await Post.OpenAsync();
        var rejected = await post.SendAsync(Post.Message with { Unsubscribe = new Uri($"https://example.org/{new string('x', 990)}") });
        Assert.StartsWith(
            "the unsubscribe link has 1010 characters",
            Assert.IsType<SendResult.Rejected>(rejected).Detail,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(998, "7bit")]
    [InlineData(999, "base64")]
    public async Task A_line_too_long_for_the_wire_is_encoded(int length, string encoding)
    {
        await using var post = await Post.OpenAsync();
        var mail = await post.DeliverAsync(Post.Message with { Text = new string('x', length) });
        Assert.Equal(new string('x', length), mail.Text);
        Assert.Equal(encoding, mail.Header("Content-Transfer-Encoding"));
    }

    [Theory]
    [InlineData("Hello\nworld", "Hello")]
    [InlineData("  one two", "one two")]
    [InlineData(
        "word word word word word word word word word word word word word word word word",
        "word word word word word word word word word word word word word word…"
    )]
    public async Task Without_a_subject_the_first_line_is_it(string text, string subject)
    {
        await using var post = await Post.OpenAsync();
        Assert.Equal(subject, (await post.DeliverAsync(Post.Message with { Subject = null, Text = text })).Subject);
    }

    [Fact]
    public void Every_line_ends_in_CRLF_and_is_short_enough_whatever_the_text()
    {
        var random = new Random(1);
        string[] pieces = ["я", "🙂", "\n", "\r", " ", ".", "a", new string('x', 70), new string('ж', 70), "=?", "\u2028", "\0", "--=_"];
        for (var i = 0; i < 500; i++)
        {
            string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => pieces[random.Next(pieces.Length)]));
            var delivery = Post.Message with { Subject = Text(), Text = Text(), Html = random.Next(2) == 0 ? null : Text() };
            var options = Post.Options(1);
            options.FromName = Text();
            var mail = MailText.Compose(
                delivery,
                MailAddresses.Read("a@example.org")!,
                options,
                "<1@example.org>",
                TimeProvider.System.GetUtcNow()
            );
            using var written = new MemoryStream();
            mail.Message.WriteTo(mail.Format, written, TestContext.Current.CancellationToken);
            var raw = Encoding.Latin1.GetString(written.ToArray());
            Assert.EndsWith("\r\n", raw, StringComparison.Ordinal);
            var lines = raw.Split("\r\n");
            Assert.All(lines, line => Assert.True(line.Length <= 998 && !line.AsSpan().ContainsAny('\r', '\n', '\0'), line));
            Assert.All(lines.TakeWhile(line => line.Length > 0), line => Assert.True(line.Length <= 76, line));
            Assert.True(Ascii.IsValid(raw));
        }
    }
}
