using Reminders.Lab.Mail;
using Reminders.Tests.Channels.Email;
using Reminders.Tests.Channels.Telegram;
using Reminders.Tests.Channels.Wire;

namespace Reminders.Tests.Channels;

/// <summary>A channel that rests is asked by a call that sends nothing.</summary>
public sealed class ProbeTests
{
    [Theory]
    [InlineData(200, """{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Bot","username":"bot"}}""", true)]
    [InlineData(401, """{"ok":false,"error_code":401,"description":"Unauthorized"}""", false)]
    [InlineData(429, """{"ok":false,"error_code":429,"description":"Too Many Requests"}""", false)]
    [InlineData(502, "<html>Bad Gateway</html>", false)]
    [InlineData(200, "<html>Just a moment</html>", false)]
    public async Task Telegram_is_asked_who_the_bot_is(int status, string body, bool well)
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(status, body));
        var found = await Bot.Sender(server.Url).ProbeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(well, found.IsWell);
        Assert.Equal(!well, found.Detail.StartsWith("getMe: ", StringComparison.Ordinal));
        Assert.Contains("/getMe ", Assert.Single(server.Requests).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_refuses_connections_is_not_well()
    {
        using var nobody = new NobodyListening();
        Assert.False((await Bot.Sender(nobody.Url).ProbeAsync(TestContext.Current.CancellationToken)).IsWell);
        Assert.False((await WhatsApp.Business.Sender(nobody.Url).ProbeAsync(TestContext.Current.CancellationToken)).IsWell);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(MailPhase.Connect, MailFaultKind.Cut, false)]
    [InlineData(MailPhase.Connect, MailFaultKind.Reply, false)]
    [InlineData(MailPhase.Hello, MailFaultKind.Nonsense, false)]
    [InlineData(MailPhase.Dot, MailFaultKind.Cut, true)]
    public async Task A_mail_server_is_greeted_and_left(MailPhase? phase, MailFaultKind? fault, bool well)
    {
        await using var post = await Post.OpenAsync();
        if (phase is { } at)
        {
            post.Sink.Faults.Add(fault == MailFaultKind.Reply ? new(MailFaultKind.Reply, at) { Code = 421 } : new(fault!.Value, at));
        }

        Assert.Equal(well, (await post.Sender.ProbeAsync(TestContext.Current.CancellationToken)).IsWell);
        Assert.Empty(post.Record.Mails);
    }
}
