using Reminders.Channels;
using Reminders.Channels.Email;
using Reminders.Sandbox.Mail;

namespace Reminders.Tests.Channels.Email;

public sealed class SmtpLoginTests
{
    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task With_a_user_it_changes_to_TLS_and_logs_in(string login)
    {
        await using var post = await OpenAsync(new() { User = "ру", Password = "п:w", RequireTls = true, Logins = [login] });
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.Equal(("ру", true), (post.Record.Mails[0].User, post.Record.Mails[0].Tls));
    }

    [Fact]
    public async Task TLS_from_the_first_byte_is_spoken_where_it_is_set()
    {
        await using var post = await OpenAsync(new() { ImplicitTls = true, User = "u", Password = "p" }, options => options.Security = EmailSecurity.Tls);
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
        await using var post = await OpenAsync(new() { User = "u", Password = "p", StartTls = tls, Logins = [login] });
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
        Assert.StartsWith("MAIL was answered 530", Assert.IsType<SendResult.ChannelBroken>(await post.SendAsync()).Detail, StringComparison.Ordinal);
    }

    private static Task<Post> OpenAsync(MailSinkOptions server, Action<EmailOptions>? alter = null) => Post.OpenAsync(server, options =>
    {
        (options.User, options.Password) = (server.User!, server.Password);
        alter?.Invoke(options);
    });
}
