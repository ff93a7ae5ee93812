using Reminders.Channels;
using Reminders.Email;
using Reminders.Lab.Mail;

namespace Reminders.Tests.Channels.Email;

/// <summary>What is known of a message depends on which side of the final dot it ended, and on nothing else.</summary>
public sealed class SmtpPhaseTests
{
    private static readonly MailPhase[] BeforeTheDot =
    [
        MailPhase.Connect,
        MailPhase.Hello,
        MailPhase.Sender,
        MailPhase.Recipient,
        MailPhase.Data,
    ];

    public static TheoryData<MailPhase, MailFaultKind, bool> Breaks
    {
        get
        {
            var data = new TheoryData<MailPhase, MailFaultKind, bool>();
            foreach (var phase in BeforeTheDot)
            {
                foreach (var kind in new[] { MailFaultKind.Cut, MailFaultKind.Reset, MailFaultKind.Nonsense })
                {
                    data.Add(phase, kind, true);
                    data.Add(phase, kind, false);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_break_before_the_dot_is_not_delivered(MailPhase phase, MailFaultKind kind, bool pipelining)
    {
        await using var post = await Post.OpenAsync(new() { Pipelining = pipelining });
        post.Sink.Faults.Add(new(kind, phase));
        Assert.IsType<SendResult.NotDelivered>(await post.SendAsync());
        Assert.Empty(post.Record.Mails);
    }

    [Theory]
    [InlineData(MailPhase.Connect)]
    [InlineData(MailPhase.Data)]
    public async Task Silence_before_the_dot_is_not_delivered(MailPhase phase)
    {
        await using var post = await Post.OpenAsync(timeout: TimeSpan.FromSeconds(1));
        post.Sink.Faults.Add(new(MailFaultKind.Silence, phase));
        var result = Assert.IsType<SendResult.NotDelivered>(await post.SendAsync());
        Assert.EndsWith("no answer within 1 s", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MailFaultKind.Cut)]
    [InlineData(MailFaultKind.Reset)]
    public async Task A_break_within_the_text_is_not_delivered(MailFaultKind kind)
    {
        await using var post = await Post.OpenAsync(new() { MaxSize = 100_000_000 });
        post.Sink.Faults.Add(new(kind, MailPhase.Content));
        // More than the sockets hold: the writing itself fails.
        var text = string.Join('\n', Enumerable.Repeat(new string('x', 900), 30_000));
        Assert.IsType<SendResult.NotDelivered>(await post.SendAsync(Post.Message with { Text = text }));
        Assert.Empty(post.Record.Mails);
    }

    [Theory]
    [InlineData(MailFaultKind.Cut, true)]
    [InlineData(MailFaultKind.Cut, false)]
    [InlineData(MailFaultKind.Reset, true)]
    [InlineData(MailFaultKind.Reset, false)]
    [InlineData(MailFaultKind.Nonsense, false)]
    public async Task A_break_after_the_dot_is_uncertain_and_is_not_sent_again(MailFaultKind kind, bool accepted)
    {
        await using var post = await Post.OpenAsync();
        await post.SendAsync(); // on a used connection as on a new one
        post.Sink.Faults.Add(new(kind, MailPhase.Dot) { Accepts = accepted, Next = 1 });
        Assert.IsType<SendResult.Uncertain>(await post.SendAsync());
        Assert.Equal(accepted ? 2 : 1, post.Record.MailCount);
        Assert.Single(post.Record.Doubts);
    }

    [Theory]
    [InlineData(MailPhase.Connect, 421, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Connect, 554, typeof(SendResult.ChannelBroken))]
    [InlineData(MailPhase.Hello, 451, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Hello, 550, typeof(SendResult.ChannelBroken))]
    [InlineData(MailPhase.Sender, 421, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Sender, 451, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Sender, 550, typeof(SendResult.ChannelBroken))]
    [InlineData(MailPhase.Sender, 552, typeof(SendResult.Rejected))]
    [InlineData(MailPhase.Recipient, 421, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Recipient, 450, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Recipient, 452, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Recipient, 530, typeof(SendResult.ChannelBroken))]
    [InlineData(MailPhase.Recipient, 550, typeof(SendResult.Unreachable))]
    [InlineData(MailPhase.Recipient, 553, typeof(SendResult.Unreachable))]
    [InlineData(MailPhase.Recipient, 554, typeof(SendResult.Rejected))]
    [InlineData(MailPhase.Data, 451, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Data, 554, typeof(SendResult.Rejected))]
    [InlineData(MailPhase.Content, 421, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Dot, 421, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Dot, 452, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Dot, 550, typeof(SendResult.Rejected))]
    [InlineData(MailPhase.Dot, 354, typeof(SendResult.Uncertain))]
    public async Task A_reply_means_what_its_code_and_place_say(MailPhase phase, int code, Type expected)
    {
        foreach (var pipelining in new[] { true, false })
        {
            await using var post = await Post.OpenAsync(new() { Pipelining = pipelining, MaxSize = 100_000_000 });
            post.Sink.Faults.Add(new(MailFaultKind.Reply, phase) { Code = code });
            var delivery = phase == MailPhase.Content ? Post.Message with { Text = new string('я', 10_000_000) } : Post.Message;
            Assert.IsType(expected, await post.SendAsync(delivery));
            Assert.Empty(post.Record.Mails);
        }
    }

    /// <summary>Nothing but the server ends a reply; read on it would be in memory whole, until the time-out, for each
    /// connection.</summary>
    [Theory]
    [InlineData(MailPhase.Connect, 220, 20, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Hello, 250, 20, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Recipient, 550, 8000, typeof(SendResult.NotDelivered))]
    [InlineData(MailPhase.Dot, 250, 20, typeof(SendResult.Uncertain))]
    [InlineData(MailPhase.Dot, 250, 8000, typeof(SendResult.Uncertain))]
    [InlineData(MailPhase.Dot, 554, 8000, typeof(SendResult.Uncertain))]
    public async Task A_reply_without_end_is_left_after_its_beginning_and_is_none(MailPhase phase, int code, int letters, Type expected)
    {
        await using var post = await Post.OpenAsync(new() { Pipelining = false });
        post.Sink.Faults.Add(new(MailFaultKind.Endless, phase) { Code = code, Text = new string('x', letters) });
        var result = await post.SendAsync();
        Assert.IsType(expected, result);
        Assert.Contains("an answer of more than", $"{result}", StringComparison.Ordinal);
    }

    /// <summary>What is the server's trouble rests the channel after a few; a recipient who is put off does not.</summary>
    [Theory]
    [InlineData(MailPhase.Connect, 421, true)]
    [InlineData(MailPhase.Hello, 451, true)]
    [InlineData(MailPhase.Sender, 452, true)]
    [InlineData(MailPhase.Recipient, 421, true)]
    [InlineData(MailPhase.Data, 451, true)]
    [InlineData(MailPhase.Dot, 451, true)]
    [InlineData(MailPhase.Recipient, 451, false)]
    [InlineData(MailPhase.Recipient, 450, false)]
    [InlineData(MailPhase.Recipient, 452, false)]
    public async Task A_later_speaks_against_the_channel_unless_it_is_about_the_recipient(MailPhase phase, int code, bool channels)
    {
        await using var post = await Post.OpenAsync();
        post.Sink.Faults.Add(new(MailFaultKind.Reply, phase) { Code = code });
        Assert.Equal(channels, Assert.IsType<SendResult.NotDelivered>(await post.SendAsync()).Unanswered);
    }

    [Theory]
    [InlineData("421 4.3.2 closing", typeof(SendResult.NotDelivered))]
    [InlineData("250 2.0.0 taken", typeof(SendResult.NotDelivered))]
    [InlineData("554 5.3.4 no more", typeof(SendResult.Rejected))]
    public async Task An_answer_that_comes_before_the_dot_is_no_delivery(string early, Type expected)
    {
        await using var server = new TalkativeServer("354 go ahead\r\n" + early);
        using var sender = new EmailSender(Post.Options(server.Port), TimeProvider.System);
        var result = await sender.SendAsync(Post.Message, TestContext.Current.CancellationToken);
        Assert.IsType(expected, result);
        Assert.Contains(early, $"{result}", StringComparison.Ordinal);
        Assert.False(server.SawTheDot);
    }

    [Fact]
    public async Task A_word_amid_the_text_is_heard_before_the_dot()
    {
        await using var server = new TalkativeServer("354 go ahead", toText: "452 4.3.1 the disk is full");
        using var sender = new EmailSender(Post.Options(server.Port), TimeProvider.System);
        // More than the sockets hold: the word is here before the last of the text has left.
        var result = await sender.SendAsync(
            Post.Message with
            {
                Text = new string('я', 10_000_000),
            },
            TestContext.Current.CancellationToken
        );
        Assert.Contains("452 4.3.1 the disk is full", Assert.IsType<SendResult.NotDelivered>(result).Detail, StringComparison.Ordinal);
        Assert.False(server.SawTheDot);
    }

    [Fact]
    public async Task The_dot_travels_alone_and_only_any_2yz_to_it_is_a_delivery()
    {
        await using var server = new TalkativeServer("354 go ahead", "252 2.0.0 taken, as far as I can see");
        using var sender = new EmailSender(Post.Options(server.Port), TimeProvider.System);
        Assert.IsType<SendResult.Sent>(await sender.SendAsync(Post.Message, TestContext.Current.CancellationToken));
        Assert.True(server.SawTheDot);
    }

    [Fact]
    public async Task A_policy_against_the_server_itself_writes_no_mailbox_off()
    {
        await using var post = await Post.OpenAsync();
        post.Sink.Faults.Add(
            new(MailFaultKind.Reply, MailPhase.Recipient)
            {
                Code = 550,
                Text = "5.7.1 your network is on a blocklist",
                Next = 1,
            }
        );
        Assert.IsType<SendResult.Rejected>(await post.SendAsync());
        post.Sink.Faults.Add(
            new(MailFaultKind.Reply, MailPhase.Recipient)
            {
                Code = 550,
                Text = "5.1.1 nobody here",
                Next = 1,
            }
        );
        var unreachable = Assert.IsType<SendResult.Unreachable>(await post.SendAsync());
        Assert.Equal("RCPT was answered 550 5.1.1 nobody here", unreachable.Detail);
    }

    [Fact]
    public async Task After_a_refusal_the_connection_serves_the_next_recipient()
    {
        await using var post = await Post.OpenAsync(new() { UnknownMailboxes = ["nobody@example.org"] });
        Assert.IsType<SendResult.Unreachable>(await post.SendAsync(Post.Message with { Address = "nobody@example.org" }));
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        post.Sink.Faults.NextReply(554);
        Assert.IsType<SendResult.Rejected>(await post.SendAsync());
        Assert.IsType<SendResult.Sent>(await post.SendAsync());
        Assert.Equal((2, 1), (post.Record.MailCount, post.Record.Connections));
    }

    [Fact]
    public async Task A_message_over_the_servers_size_is_rejected_before_it_is_sent()
    {
        await using var post = await Post.OpenAsync(new() { MaxSize = 1000 });
        var result = Assert.IsType<SendResult.Rejected>(await post.SendAsync(Post.Message with { Text = new string('x', 990) }));
        Assert.EndsWith("the server takes 1000", result.Detail, StringComparison.Ordinal);
        Assert.Equal(0, post.Record.Refusals);
    }

    [Fact]
    public async Task A_host_without_an_address_is_not_delivered()
    {
        using var sender = new EmailSender(new() { Host = "no-such-host.invalid", From = "a@example.org" }, TimeProvider.System);
        Assert.IsType<SendResult.NotDelivered>(await sender.SendAsync(Post.Message, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("anna@example.org>\r\nRCPT TO:<eve@example.org")]
    [InlineData("anna@example.org\r\n")]
    [InlineData("anna@example.org, eve@example.org")]
    [InlineData("Anna <anna@example.org>")]
    [InlineData("анна анна@example.org")]
    [InlineData("анна@-example.org")]
    [InlineData("ан\u2028на@example.org")]
    [InlineData("«анна»@example.org")]
    [InlineData("a b@example.org")]
    [InlineData("@example.org")]
    [InlineData("anna@-example.org")]
    public async Task An_address_that_is_not_plain_never_reaches_the_server(string address)
    {
        await using var post = await Post.OpenAsync();
        Assert.IsType<SendResult.Unreachable>(await post.SendAsync(Post.Message with { Address = address }));
        Assert.Equal(0, post.Record.Connections);
    }

    [Fact]
    public async Task An_edit_is_rejected()
    {
        await using var post = await Post.OpenAsync();
        Assert.IsType<SendResult.Rejected>(
            await post.SendAsync(Post.Message with { Operation = DeliveryOperation.Edit, ProviderMessageId = "<1@x>" })
        );
    }
}
