using Reminders.Integration.Tests.Support;
using Reminders.Lab.Mail;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>A kind over e-mail, on two nodes, to a mail server that is spoilt: what may be sent again, and what may not.</summary>
public sealed class Mails(Postgres postgres)
{
    private const string Anna = "anna@example.org";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_reminder_asked_for_many_times_on_two_nodes_is_one_mail()
    {
        await using var sink = await MailSink.StartAsync();
        await using var cluster = await StartAsync(sink);
        var booking = await ProposeAsync(cluster);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.ApproveAsync(booking, node: i % 2)));
        await SettledAsync(cluster, "sent");
        await cluster.ApproveAsync(booking, node: 1);
        var mail = Assert.Single(sink.Record.Mails);
        Assert.Equal(Anna, Assert.Single(mail.To));
        Assert.Equal(("Your interview, Anna", "Hello Anna, see you at \"Backend engineer\"."), (mail.Subject, mail.Text));
        Assert.Contains("see you at", mail.Html, StringComparison.Ordinal);
        Assert.Equal(
            mail.MessageId,
            await cluster.ScalarAsync<string>("SELECT provider_message_id FROM reminders.outbox WHERE channel = 'email'")
        );
        await Duplicates.NoneIn(cluster);
    }

    [Fact]
    public async Task A_mail_in_doubt_is_sent_again_where_the_kind_says_so_and_is_the_same_mail_to_its_reader()
    {
        await using var sink = await MailSink.StartAsync();
        sink.Faults.NextAcceptedAndCut();
        await using var cluster = await StartAsync(sink, ("Kinds:MAIL_2H:Uncertain:email", "Resend"));
        await cluster.ApproveAsync(await ProposeAsync(cluster));
        await SettledAsync(cluster, "dead", "sent");
        Assert.Equal(2, sink.Record.MailCount);
        Assert.Single(sink.Record.Mails.Select(mail => mail.MessageId).Distinct());
        Assert.True(Assert.Single(sink.Record.Doubts).Accepted);
    }

    [Fact]
    public async Task A_mail_in_doubt_is_held_otherwise()
    {
        await using var sink = await MailSink.StartAsync();
        sink.Faults.NextAcceptedAndCut();
        await using var cluster = await StartAsync(sink);
        await cluster.ApproveAsync(await ProposeAsync(cluster));
        await SettledAsync(cluster, "uncertain");
        Assert.Equal(1, sink.Record.MailCount);
        Assert.StartsWith("after the final dot", await ReasonAsync(cluster), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_definitely_did_not_take_is_tried_again()
    {
        await using var sink = await MailSink.StartAsync();
        sink.Faults.NextReply(421, MailPhase.Connect)
            .NextReply(451, MailPhase.Recipient)
            .NextReply(452)
            .Add(new(MailFaultKind.Cut, MailPhase.Data) { Next = 1 });
        await using var cluster = await StartAsync(sink, ("Outbox:RetryBase", "00:00:00.1"));
        await cluster.ApproveAsync(await ProposeAsync(cluster));
        await SettledAsync(cluster, "sent");
        Assert.Equal(1, sink.Record.MailCount);
        Assert.Empty(sink.Faults.Rules);
        // The cut may fall on a used connection, which is replaced without a try of its own.
        Assert.InRange(await cluster.ScalarAsync<int>("SELECT attempts FROM reminders.outbox WHERE channel = 'email'"), 4, 5);
    }

    [Fact]
    public async Task What_the_server_will_never_take_is_dead()
    {
        await using var sink = await MailSink.StartAsync();
        sink.Faults.NextReply(554);
        await using var cluster = await StartAsync(sink);
        await cluster.ApproveAsync(await ProposeAsync(cluster));
        await SettledAsync(cluster, "dead");
        Assert.Equal(0, sink.Record.MailCount);
        Assert.Equal("the final dot was answered 554 an injected fault", await ReasonAsync(cluster));
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_is_written_off()
    {
        await using var sink = await MailSink.StartAsync(new() { UnknownMailboxes = [Anna] });
        await using var cluster = await StartAsync(sink);
        await cluster.ApproveAsync(await ProposeAsync(cluster));
        await SettledAsync(cluster, "dead");
        Assert.Equal("unreachable", await cluster.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'email'"));
    }

    private Task<Cluster> StartAsync(MailSink sink, params (string Key, string? Value)[] more) =>
        Cluster.StartAsync(
            postgres,
            overrides:
            [
                ("Email:Host", "127.0.0.1"),
                ("Email:Port", $"{sink.Port}"),
                ("Email:From", "reminders@example.org"),
                ("Kinds:MAIL_2H:Subject", "booking"),
                ("Kinds:MAIL_2H:On", "approved"),
                ("Kinds:MAIL_2H:To", "candidate"),
                ("Kinds:MAIL_2H:Before", "02:00:00"),
                ("Kinds:MAIL_2H:Channels:0", "email"),
                ("Kinds:MAIL_2H:Templates:en:subject", "Your interview, {candidate}"),
                ("Kinds:MAIL_2H:Templates:en:text", "Hello {candidate}, see you at \"{title}\"."),
                .. more,
            ]
        );

    private static async Task<Guid> ProposeAsync(Cluster cluster)
    {
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.address (recipient_id, channel, address)
            SELECT recipient_id, 'email', $1 FROM reminders.address WHERE channel = 'telegram' AND address = '1001'
            """,
            Anna
        );
        return booking;
    }

    /// <summary>Waits until the mails of the outbox stand so, in order of writing.</summary>
    private static Task SettledAsync(Cluster cluster, params string[] states) =>
        cluster.UntilAsync(
            "SELECT coalesce(array_agg(state ORDER BY id), '{}') = $1 FROM reminders.outbox WHERE channel = 'email'",
            Patience,
            [states]
        );

    private static Task<string> ReasonAsync(Cluster cluster) =>
        cluster.ScalarAsync<string>("SELECT reason FROM reminders.outbox WHERE channel = 'email'");
}
