namespace Reminders.Lab.Tests.Mail;

public sealed class MailSinkTests
{
    [Fact]
    public async Task What_it_takes_is_on_the_record_with_envelope_headers_and_time()
    {
        var time = new WatchedTime();
        await using var client = await MailClient.StartAsync(time: time);
        await client.ReadAsync();
        await client.AskAsync("EHLO me");
        Assert.StartsWith("250 ", await client.SendAsync());
        var mail = Assert.Single(client.Sink.Record.Mails);
        Assert.Equal(("a@example.org", "anna@example.org"), (mail.From, Assert.Single(mail.To)));
        Assert.Equal(("<1@example.org>", "Hello", "Text", null), (mail.MessageId, mail.Subject, mail.Text, mail.Html));
        Assert.Equal(time.GetUtcNow(), mail.ArrivedAt);
        Assert.Same(mail, Assert.Single(client.Sink.Record.MailsTo("ANNA@example.org")));
    }

    [Fact]
    public async Task A_whole_envelope_may_come_in_one_flight()
    {
        await using var client = await MailClient.GreetedAsync();
        await client.WriteAsync("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n");
        foreach (var code in new[] { "250 ", "250 ", "250 ", "354 " })
        {
            Assert.StartsWith(code, await client.ReadAsync());
        }

        await client.WriteAsync($"{MailClient.Mail}.\r\nQUIT\r\n");
        Assert.StartsWith("250 ", await client.ReadAsync());
        Assert.StartsWith("221 ", await client.ReadAsync());
        Assert.Equal("", await client.ReadAsync());
        Assert.Equal(2, Assert.Single(client.Sink.Record.Mails).To.Count);
    }

    [Fact]
    public async Task Answers_to_one_flight_do_not_wait_for_an_acknowledgement()
    {
        await using var client = await MailClient.GreetedAsync();
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await client.WriteAsync("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRSET\r\n");
            Assert.StartsWith("250 2.1.0", await client.ReadAsync());
            Assert.StartsWith("250 2.1.5", await client.ReadAsync());
            Assert.StartsWith("250 2.0.0", await client.ReadAsync());
            var took = TimeProvider.System.GetElapsedTime(began);
            fastest = took < fastest ? took : fastest;
        }

        // With Nagle's algorithm none of them takes less than 40 ms; without, the fastest does on any machine.
        Assert.True(fastest < TimeSpan.FromMilliseconds(30), $"{fastest}");
    }

    [Theory]
    [InlineData("MAIL FROM:<a@example.org>", "RCPT TO:<анна@пример.рф>", "553 5.6.7")]
    [InlineData("MAIL FROM:<a@example.org> SMTPUTF8", "RCPT TO:<анна@пример.рф>", "250")]
    [InlineData("RSET", "MAIL FROM:<анна@пример.рф>", "553 5.6.7")]
    public async Task An_address_in_UTF8_is_taken_only_where_MAIL_asked_for_it(string first, string second, string code)
    {
        await using var client = await MailClient.GreetedAsync();
        await client.AskAsync(first);
        Assert.StartsWith(code, await client.AskAsync(System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(second))));
    }

    [Fact]
    public async Task Stuffed_dots_are_taken_out_and_encodings_undone()
    {
        await using var client = await MailClient.GreetedAsync();
        await client.SendAsync(
            "Date: x\r\nFrom: a@example.org\r\nSubject: =?utf-8?B?0JfQsNCy?=\r\n =?utf-8?Q?=D1=82=D1=80=D0=B0_=21?=\r\n"
                + "Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n..dot\r\n--b\r\n"
                + "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
                + "quoted-printable\r\n\r\n<p>=D0=AF=\r\n!</p>\r\n--b--\r\n"
        );
        var mail = Assert.Single(client.Sink.Record.Mails);
        Assert.Equal(("Завтра !", ".dot", "<p>Я!</p>"), (mail.Subject, mail.Text, mail.Html));
    }

    [Theory]
    [InlineData("MAIL FROM:<a@example.org>", "RCPT TO:no", "501")]
    [InlineData("RSET", "RCPT TO:<a@example.org>", "503")]
    [InlineData("RSET", "DATA", "503")]
    [InlineData("RSET", "MAIL FROM:<a@example.org> FUTURE=1", "555")]
    [InlineData("RSET", "MAIL FROM:<a@example.org> SIZE=99999999", "552")]
    [InlineData("MAIL FROM:<a@example.org>", "MAIL FROM:<a@example.org>", "503")]
    [InlineData("MAIL FROM:<a@example.org>", "RCPT TO:<nobody@example.org>", "550")]
    [InlineData("RSET", "AUTH PLAIN AGEAYg==", "503")]
    [InlineData("RSET", "HELP", "500")]
    public async Task What_a_strict_server_refuses_it_refuses(string first, string second, string code)
    {
        await using var client = await MailClient.GreetedAsync(new() { UnknownMailboxes = ["nobody@example.org"] });
        await client.AskAsync(first);
        Assert.StartsWith(code, await client.AskAsync(second));
    }

    [Theory]
    [InlineData("Date: x\r\nFrom: a@example.org\r\n\r\nbare\nfeed\r\n", "550 5.6.0 a line feed")]
    [InlineData("From: a@example.org\r\n\r\ntext\r\n", "550 5.6.0 not one Date")]
    [InlineData("Date: x\r\nFrom: a@example.org\r\nFrom: b@example.org\r\n\r\ntext\r\n", "550 5.6.0 not one From")]
    [InlineData("Date: x\r\nFrom: a@example.org\r\n\r\nн\r\n", "554 5.6.1")]
    [InlineData("999", "550 5.6.0 a line of more")]
    public async Task A_mail_that_a_strict_server_refuses_does_not_arrive(string mail, string reply)
    {
        await using var client = await MailClient.GreetedAsync();
        var text = mail == "999" ? $"Date: x\r\nFrom: a@example.org\r\n\r\n{new string('x', 999)}\r\n" : mail.Replace('н', '\xd0');
        Assert.StartsWith(reply, await client.SendAsync(text));
        Assert.Empty(client.Sink.Record.Mails);
        Assert.StartsWith("250 ", await client.SendAsync());
    }

    [Fact]
    public async Task Behind_STARTTLS_it_forgets_what_was_said_and_takes_a_login()
    {
        await using var client = await MailClient.GreetedAsync(
            new()
            {
                User = "u",
                Password = "p",
                RequireTls = true,
            }
        );
        Assert.StartsWith("530", await client.AskAsync("MAIL FROM:<a@example.org>"));
        Assert.StartsWith("220", await client.AskAsync("STARTTLS"));
        await client.ChangeToTlsAsync();
        Assert.StartsWith("503", await client.AskAsync("MAIL FROM:<a@example.org>"));
        Assert.Contains("AUTH PLAIN LOGIN", await client.AskAsync("EHLO me"));
        Assert.StartsWith("535", await client.AskAsync("AUTH PLAIN AHUAeA=="));
        Assert.StartsWith("334", await client.AskAsync("AUTH LOGIN"));
        Assert.StartsWith("334", await client.AskAsync("dQ=="));
        Assert.StartsWith("235", await client.AskAsync("cA=="));
        Assert.StartsWith("250", await client.SendAsync());
        Assert.Equal(("u", true), (client.Sink.Record.Mails[0].User, client.Sink.Record.Mails[0].Tls));
    }

    [Fact]
    public async Task What_was_said_in_the_clear_behind_STARTTLS_is_dropped()
    {
        await using var client = await MailClient.GreetedAsync();
        await client.WriteAsync("STARTTLS\r\nNOOP\r\n");
        Assert.StartsWith("220", await client.ReadAsync());
        await client.ChangeToTlsAsync();
        Assert.StartsWith("250-", await client.AskAsync("EHLO me"));
    }
}
