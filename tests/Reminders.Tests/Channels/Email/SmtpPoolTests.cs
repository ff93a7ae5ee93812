using Reminders.Channels;
using Reminders.Lab.Mail;

namespace Reminders.Tests.Channels.Email;

public sealed class SmtpPoolTests
{
    [Fact]
    public async Task A_connection_carries_one_message_after_another()
    {
        await using var post = await Post.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<SendResult.Sent>(await post.SendAsync());
        }
        Assert.Equal((20, 1), (post.Record.MailCount, post.Record.Connections));
    }

    [Fact]
    public async Task Messages_go_in_parallel_over_no_more_connections_than_set()
    {
        await using var post = await Post.OpenAsync(alter: options => options.Connections = 3);
        post.Sink.Faults.Add(new(MailFaultKind.Delay, MailPhase.Dot) { Delay = TimeSpan.FromMilliseconds(50), Next = 12 });
        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => post.SendAsync()));
        Assert.All(results, result => Assert.IsType<SendResult.Sent>(result));
        Assert.Equal((30, 3), (post.Record.MailCount, post.Record.Connections));
    }

    [Fact]
    public async Task A_message_that_gets_no_connection_in_time_is_not_delivered()
    {
        await using var post = await Post.OpenAsync(alter: options => options.Connections = 1, timeout: TimeSpan.FromSeconds(1));
        post.Sink.Faults.Add(new(MailFaultKind.Silence, MailPhase.Dot));
        var results = await Task.WhenAll(post.SendAsync(), post.SendAsync());
        Assert.IsType<SendResult.Uncertain>(results[0]);
        Assert.IsType<SendResult.NotDelivered>(results[1]);
    }

    [Fact]
    public async Task A_connection_the_server_closed_meanwhile_is_replaced_before_it_is_used()
    {
        await using var post = await Post.OpenAsync();
        await post.SendAsync();
        post.Sink.HangUp();
        await post.Record.WaitForAsync(record => record.OpenConnections == 0, Post.Patience, TestContext.Current.CancellationToken);
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.Equal((2, 2), (post.Record.MailCount, post.Record.Connections));
    }

    [Theory]
    [InlineData(MailFaultKind.Cut, MailPhase.Sender)]
    [InlineData(MailFaultKind.Reset, MailPhase.Recipient)]
    [InlineData(MailFaultKind.Cut, MailPhase.Data)]
    [InlineData(MailFaultKind.Reply, MailPhase.Sender)]
    public async Task A_used_connection_that_ends_before_the_text_is_replaced_and_the_message_arrives_once(
        MailFaultKind kind,
        MailPhase phase
    )
    {
        await using var post = await Post.OpenAsync();
        await post.SendAsync();
        post.Sink.Faults.Add(new(kind, phase) { Code = 421, Next = 1 });
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.Equal((2, 2), (post.Record.MailCount, post.Record.Connections));
    }

    [Fact]
    public async Task A_connection_that_rested_is_asked_whether_it_still_stands()
    {
        await using var post = await Post.OpenAsync();
        await post.SendAsync();
        post.Time.Advance(TimeSpan.FromSeconds(6));
        post.Sink.Faults.NextReply(421, MailPhase.Noop);
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.Equal((2, 2), (post.Record.MailCount, post.Record.Connections));
        Assert.Empty(post.Sink.Faults.Rules);
    }

    [Fact]
    public async Task A_connection_nobody_needs_is_closed()
    {
        await using var post = await Post.OpenAsync();
        await post.SendAsync();
        post.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, post.Record.OpenConnections);
        post.Time.Advance(TimeSpan.FromSeconds(11));
        await post.Record.WaitForAsync(record => record.OpenConnections == 0, Post.Patience, TestContext.Current.CancellationToken);
    }
}
