using Reminders.Doctor;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Lab.Bench;
using Reminders.Lab.Mail;
using Reminders.Lab.Simulation;
using Reminders.Lab.WhatsApp;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>
/// Rule 10 for a mail server and for WhatsApp, over two nodes: whatever way an outage has, a few messages are in doubt at most, the
/// queue is kept however long it lasts, people can see it, and afterwards everything arrives, once.
/// </summary>
public sealed class OutagesElsewhere(Postgres postgres)
{
    private const int Count = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    // A message whose tries are used up would be dead within a tenth of a second.
    private static readonly (string, string?)[] Impatient =
    [
        ("Outbox:RetryBase", "00:00:00.01"),
        ("Outbox:RetryCap", "00:00:00.02"),
        ("Outbox:RestBase", "00:00:00.2"),
        ("Outbox:RestCap", "00:00:00.5"),
        ("Outbox:BrokenChannelProbe", "00:00:00.5"),
    ];

    [Theory]
    [InlineData(MailPhase.Connect, MailFaultKind.Reply, 421)]
    [InlineData(MailPhase.Connect, MailFaultKind.Reply, 554)]
    [InlineData(MailPhase.Connect, MailFaultKind.Reset, 0)]
    [InlineData(MailPhase.Connect, MailFaultKind.Silence, 0)]
    [InlineData(MailPhase.Sender, MailFaultKind.Reply, 452)]
    [InlineData(MailPhase.Recipient, MailFaultKind.Reply, 421)]
    [InlineData(MailPhase.Data, MailFaultKind.Cut, 0)]
    [InlineData(MailPhase.Dot, MailFaultKind.Reply, 451)]
    [InlineData(MailPhase.Dot, MailFaultKind.Silence, 0)]
    public async Task A_mail_server_that_fails_for_a_while_gets_every_mail_once(MailPhase phase, MailFaultKind fault, int code)
    {
        await using var sink = await MailSink.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var outage = await BeginAsync(
            "email",
            "MAIL_2H",
            "'bulk' || id || '@example.org'",
            () => sink.Faults.Add(new(fault, phase) { Code = code == 0 ? 451 : code }),
            [
                ("Email:Host", "127.0.0.1"),
                ("Email:Port", $"{sink.Port}"),
                ("Email:From", "reminders@example.org"),
                ("Email:Timeout", "00:00:01"),
                ("Kinds:MAIL_2H:Subject", "booking"),
                ("Kinds:MAIL_2H:On", "approved"),
                ("Kinds:MAIL_2H:To", "candidate"),
                ("Kinds:MAIL_2H:Before", "02:00:00"),
                ("Kinds:MAIL_2H:Channels:0", "email"),
                ("Kinds:MAIL_2H:Templates:en:subject", "Your interview, {candidate}"),
                ("Kinds:MAIL_2H:Templates:en:text", "Hello {candidate}."),
            ]
        );
        // Only behind the dot can anybody be in doubt, and then for as many as were under way.
        var held = await outage.LastsAsync(mostHeld: phase == MailPhase.Dot && code == 0 ? 2 * (16 + 16) : 0);
        sink.Faults.Clear();
        held = await outage.EndsAsync(held);
        Assert.Equal(Count - held, sink.Record.MailCount);
        Assert.Equal(Count - held, sink.Record.Mails.Select(mail => Assert.Single(mail.To)).Distinct().Count());
    }

    [Theory]
    [InlineData(FaultKind.BadGatewayBefore)]
    [InlineData(FaultKind.CutBefore)]
    [InlineData(FaultKind.NeverAnswer)]
    public async Task A_WhatsApp_that_fails_for_a_while_gets_every_message_once(FaultKind fault)
    {
        await using var whatsApp = await WhatsAppSimulator.StartAsync(new() { EnforceLimits = false, EnforceWindow = false });
        await using var outage = await BeginAsync(
            "whatsapp",
            "CONFIRM_2H",
            "'+7999' || lpad(id::text, 7, '0')",
            () => whatsApp.Faults.Add(new(fault) { Method = "*" }),
            [.. WhatsAppNodes.SettingsFor(whatsApp.BaseAddress)]
        );
        var held = await outage.LastsAsync(mostHeld: fault == FaultKind.NeverAnswer ? 2 * (16 + 16) : 20);
        whatsApp.Faults.Clear();
        held = await outage.EndsAsync(held);
        var arrived = whatsApp.Record.Messages;
        Assert.Equal(arrived.Count, arrived.Select(message => message.To).Distinct().Count());
        // What never answered had taken it all the same.
        Assert.Equal(fault == FaultKind.NeverAnswer ? Count : Count - held, arrived.Count);
    }

    private async Task<Outage> BeginAsync(string channel, string kind, string address, Action fault, (string, string?)[] settings)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using (var source = Npgsql.NpgsqlDataSource.Create(database))
        {
            await BulkBookings.WriteAsync(
                source,
                Count,
                kind,
                TimeSpan.FromMinutes(-1),
                queued: true,
                TestContext.Current.CancellationToken
            );
            await using var move = source.CreateCommand(
                $"""
                WITH other AS (UPDATE reminders.outbox SET channel = '{channel}')
                INSERT INTO reminders.address (recipient_id, channel, address) SELECT id, '{channel}', {address} FROM reminders.recipient
                """
            );
            await move.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        fault();
        (string, string?)[] all = [.. settings, .. Impatient];
        var first = await WebNode.StartOnAsync(database, all);
        return new(channel, first, await first.StartAnotherAsync(all));
    }

    private sealed class Outage(string channel, WebNode first, WebNode second) : IAsyncDisposable
    {
        /// <summary>Until the channel has been tried again and again in vain.</summary>
        /// <returns>How many are in doubt.</returns>
        public async Task<long> LastsAsync(int mostHeld)
        {
            await UntilAsync(
                "SELECT EXISTS (SELECT FROM reminders.channel WHERE name = $1 AND (rests_since IS NOT NULL OR broken_since IS NOT NULL))",
                channel
            );
            await UntilAsync(
                """
                SELECT (SELECT probes >= 3 FROM reminders.channel WHERE name = $1)
                    OR (SELECT count(*) >= 40 FROM reminders.attempt WHERE outcome = 'channel broken')
                """,
                channel
            );
            var ready = (await second.GetAsync("/health/ready", "")).Json["checks"]!["channels"]!;
            Assert.Equal("degraded", (string)ready["status"]!);
            Assert.Contains(channel, (string)ready["description"]!, StringComparison.Ordinal);
            // Between two messages that fail, a server that greets is said to answer again.
            Assert.Contains(
                await ChannelChecks.LookAsync(new(first.Database), default),
                finding => finding.Health != Health.Good && finding.Says().StartsWith($"{channel} ha", StringComparison.Ordinal)
            );
            await UntilAsync(
                "SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE state = 'sending' AND lease_until < now() + interval '20 seconds')"
            );
            var held = await first.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain'");
            Assert.InRange(held, 0, mostHeld);
            Assert.Equal(
                Count - held,
                await first.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending')")
            );
            return held;
        }

        /// <returns>How many are in doubt: the probe that was under way when it ended may be one more.</returns>
        public async Task<long> EndsAsync(long held)
        {
            await UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending'))");
            var sent = await first.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'sent'");
            var inDoubt = await first.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain'");
            Assert.Equal(Count, sent + inDoubt);
            Assert.InRange(inDoubt, held, held + 1);
            Assert.Equal("ok", (string)(await second.GetAsync("/health/ready", "")).Json["checks"]!["channels"]!["status"]!);
            Assert.DoesNotContain(await ChannelChecks.LookAsync(new(first.Database), default), finding => finding.Health == Health.Bad);
            return inDoubt;
        }

        private Task UntilAsync(string sql, params object[] values) =>
            Eventually.TrueAsync(() => first.ScalarAsync<bool>(sql, values), Patience, sql);

        public async ValueTask DisposeAsync()
        {
            await second.DisposeAsync();
            await first.DisposeAsync();
        }
    }
}
