using Reminders.Channels;
using Reminders.Email;
using Reminders.Lab.Mail;

namespace Reminders.Tests.Channels.Email;

public sealed class SmtpLoginTests
{
    [Theory]
    [InlineData(EmailAuth.Plain, "PLAIN")]
    [InlineData(EmailAuth.Login, "LOGIN")]
    [InlineData(EmailAuth.Scram, "SCRAM-SHA-256")]
    public async Task What_is_set_is_what_logs_in_and_nothing_else_does(EmailAuth auth, string way)
    {
        string[] all = ["PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2"];
        var server = new MailSinkOptions
        {
            User = "u,=",
            Password = "p:w",
            Logins = [way],
        };
        await using var post = await OpenAsync(server, options => options.Auth = auth);
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.Equal("u,=", post.Record.Mails[0].User);
        await using var other = await OpenAsync(
            new()
            {
                User = "u",
                Password = "p",
                Logins = [.. all.Except([way])],
            },
            options => options.Auth = auth
        );
        var broken = Assert.IsType<SendResult.ChannelBroken>(await other.SendAsync());
        Assert.StartsWith("the server offers AUTH ", broken.Detail, StringComparison.Ordinal);
        Assert.Equal(0, other.Record.Refusals);
    }

    [Fact]
    public async Task A_refused_password_is_tried_once_and_one_way()
    {
        await using var post = await OpenAsync(
            new()
            {
                User = "u",
                Password = "right",
                Logins = ["PLAIN", "LOGIN", "SCRAM-SHA-256"],
            },
            options => options.Password = "wrong"
        );
        Assert.IsType<SendResult.ChannelBroken>(await post.SendAsync());
        Assert.Equal(1, post.Record.Refusals);
    }

    [Fact]
    public async Task A_token_logs_in_and_its_file_is_read_again_at_each_login()
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var post = await Post.OpenAsync(
                new()
                {
                    User = "hr@example.org",
                    Password = "t2",
                    Logins = ["XOAUTH2"],
                },
                options => (options.User, options.Auth, options.TokenFile) = ("hr@example.org", EmailAuth.XOAuth2, file)
            );
            await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
            Assert.EndsWith(
                "it is empty.",
                Assert.IsType<SendResult.ChannelBroken>(await post.SendAsync()).Detail,
                StringComparison.Ordinal
            );
            await File.WriteAllTextAsync(file, "t1-SECRET\n", TestContext.Current.CancellationToken);
            var broken = Assert.IsType<SendResult.ChannelBroken>(await post.SendAsync());
            Assert.Equal("AUTH was answered 535 5.7.8 authentication credentials invalid", broken.Detail);
            await File.WriteAllTextAsync(file, "t2\n", TestContext.Current.CancellationToken);
            Assert.IsType<SendResult.Sent>(await post.SendAsync());
            File.Delete(file);
            Assert.IsType<SendResult.Sent>(await post.SendAsync()); // the connection is logged in
            post.Sink.HangUp();
            await post.Record.WaitForAsync(record => record.OpenConnections == 0, Post.Patience, TestContext.Current.CancellationToken);
            Assert.Contains(file, Assert.IsType<SendResult.ChannelBroken>(await post.SendAsync()).Detail, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task With_a_user_it_changes_to_TLS_and_logs_in(string login)
    {
        await using var post = await OpenAsync(
            new()
            {
                User = "ру",
                Password = "п:w",
                RequireTls = true,
                Logins = [login],
            }
        );
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.Equal(("ру", true), (post.Record.Mails[0].User, post.Record.Mails[0].Tls));
    }

    [Fact]
    public async Task TLS_from_the_first_byte_is_spoken_where_it_is_set()
    {
        await using var post = await OpenAsync(
            new()
            {
                ImplicitTls = true,
                User = "u",
                Password = "p",
            },
            options => options.Security = EmailSecurity.Tls
        );
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.True(post.Record.Mails[0].Tls);
    }

    [Fact]
    public async Task A_refused_password_is_a_broken_channel_and_is_not_quoted()
    {
        await using var post = await OpenAsync(new() { User = "u", Password = "right" }, options => options.Password = "wrong-SECRET");
        var broken = Assert.IsType<SendResult.ChannelBroken>(await post.SendAsync());
        Assert.Equal("AUTH was answered 535 5.7.8 authentication credentials invalid", broken.Detail);
    }

    [Fact]
    public async Task A_login_the_server_cannot_judge_just_now_is_not_delivered()
    {
        await using var post = await OpenAsync(new() { User = "u", Password = "p" });
        post.Sink.Faults.NextReply(454, MailPhase.Login);
        Assert.IsType<SendResult.NotDelivered>(await post.SendAsync());
    }

    [Theory]
    [InlineData(false, "PLAIN", "STARTTLS")]
    [InlineData(true, "XOAUTH2", "XOAUTH2")]
    public async Task A_server_that_cannot_do_what_is_set_gets_no_password(bool tls, string login, string named)
    {
        await using var post = await OpenAsync(
            new()
            {
                User = "u",
                Password = "p",
                StartTls = tls,
                Logins = [login],
            }
        );
        Assert.Contains(named, Assert.IsType<SendResult.ChannelBroken>(await post.SendAsync()).Detail, StringComparison.Ordinal);
        Assert.Equal(0, post.Record.Refusals);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_certificate_nobody_vouches_for_is_not_taken(string pinned)
    {
        await using var post = await OpenAsync(new() { User = "u", Password = "p" }, options => options.CertificateSha256 = pinned);
        Assert.IsType<SendResult.NotDelivered>(await post.SendAsync());
        Assert.Empty(post.Record.Mails);
    }

    [Fact]
    public async Task Without_a_login_that_a_server_wants_the_channel_is_broken()
    {
        await using var post = await Post.OpenAsync(new() { User = "u", Password = "p" });
        Assert.StartsWith(
            "MAIL was answered 530",
            Assert.IsType<SendResult.ChannelBroken>(await post.SendAsync()).Detail,
            StringComparison.Ordinal
        );
    }

    private static Task<Post> OpenAsync(MailSinkOptions server, Action<EmailOptions>? alter = null) =>
        Post.OpenAsync(
            server,
            options =>
            {
                (options.User, options.Password) = (server.User!, server.Password);
                alter?.Invoke(options);
            }
        );
}
