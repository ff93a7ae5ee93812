using Reminders.Channels;

namespace Reminders.Tests.Channels.Email;

/// <summary>Addresses that are not in ASCII.</summary>
public sealed class SmtpUtf8Tests
{
    [Theory]
    [InlineData("анна@пример.рф", "анна@пример.рф")]
    [InlineData("анна@xn--e1afmkfd.xn--p1ai", "анна@пример.рф")]
    [InlineData("анна.петрова+hr@example.org", "анна.петрова+hr@example.org")]
    public async Task A_mailbox_in_UTF8_is_written_to_where_the_server_offers_it(string address, string envelope)
    {
        await using var post = await Post.OpenAsync();
        await post.SendAsync();
        var mail = await post.DeliverAsync(Post.Message with { Address = address, Subject = "Привет" });
        Assert.Equal((envelope, true), (Assert.Single(mail.To), mail.Utf8));
        Assert.Equal(envelope, mail.Message.To.Mailboxes.Single().Address);
        Assert.Equal("Привет", mail.Subject);
        Assert.False((await post.DeliverAsync(Post.Message with { Address = "anna@пример.рф" })).Utf8);
        Assert.Equal(2, post.Record.Connections); // the pool's serves the others on
    }

    [Fact]
    public async Task It_is_unreachable_where_the_server_does_not()
    {
        await using var post = await Post.OpenAsync(new() { Utf8 = false });
        var result = Assert.IsType<SendResult.Unreachable>(await post.SendAsync(Post.Message with { Address = "анна@пример.рф" }));
        Assert.Equal("the address 'анна@пример.рф' needs SMTPUTF8, which the server does not offer", result.Detail);
        Assert.Equal((0, 0), (post.Record.Refusals, post.Record.MailCount));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_domain_alone_goes_in_ASCII_so_that_any_relay_can_carry_it(bool utf8)
    {
        await using var post = await Post.OpenAsync(new() { Utf8 = utf8 });
        var mail = await post.DeliverAsync(Post.Message with { Address = "anna@пример.рф" });
        Assert.Equal(("anna@xn--e1afmkfd.xn--p1ai", false), (Assert.Single(mail.To), mail.Utf8));
        Assert.Contains("\r\nTo: anna@xn--e1afmkfd.xn--p1ai\r\n", mail.Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a..b@example.org", "\"a..b\"@example.org")]
    [InlineData(".a@example.org", "\".a\"@example.org")]
    [InlineData("O'Hara+{x}@EXAMPLE.org", "O'Hara+{x}@EXAMPLE.org")]
    public async Task A_mailbox_with_its_dots_misplaced_is_quoted(string address, string envelope)
    {
        await using var post = await Post.OpenAsync();
        Assert.Equal(envelope, Assert.Single((await post.DeliverAsync(Post.Message with { Address = address })).To));
    }
}
