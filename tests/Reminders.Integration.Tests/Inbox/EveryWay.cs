using System.Globalization;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Mail;
using Reminders.Lab.WhatsApp;

namespace Reminders.Integration.Tests.Inbox;

/// <summary>Scenario 5: each notification goes to e-mail, WhatsApp, live connection and inbox, by the person's preferences.</summary>
public sealed class EveryWay(Postgres postgres)
{
    private const string Anna = "4915100000001";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_ticket_is_told_on_each_channel_once_but_for_those_the_person_does_not_want()
    {
        await using var mail = await MailSink.StartAsync(new());
        await using var whatsApp = await WhatsAppSimulator.StartAsync(new() { EnforceWindow = false, EnforceLimits = false });
        await using var nodes = await TwoNodes.StartAsync(
            postgres,
            [.. WhatsAppNodes.SettingsFor(whatsApp.BaseAddress), .. MailSettings(mail)]
        );
        await nodes[0]
            .SendAsync(
                HttpMethod.Put,
                "/api/recipients",
                $$"""
                {"recipients":[
                  {"reference":"anna","name":"Anna","locale":"ru","addresses":{"email":"anna@desk.example.com","whatsapp":"{{Anna}}"} },
                  {"reference":"boris","name":"Boris","addresses":{"email":"boris@desk.example.com","whatsapp":"4915100000002"},
                   "preferences":[{"channel":"whatsapp","wanted":false},{"kind":"TICKET_ASSIGNED","channel":"email","wanted":false}]}]}
                """
            );
        var token = (string)(await nodes[0].PostAsync("/api/tokens", """{"recipient":"anna"}""")).Json["token"]!;
        await using var live = await LiveClient.ConnectAsync(nodes[1], new Person(0, "anna", token), cursor: 0);

        const string Body =
            """{"kind":"TICKET_ASSIGNED","subject":"t-1","version":1,"recipients":["anna","boris"],"data":{"title":"Printer","by":"Rita"}}""";
        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => nodes[n % 2].PostAsync("/api/notifications", Body)));

        Assert.Equal("Заявка «Printer» назначена вам: Rita.", (string)(await live.NextAsync())!["message"]!);
        await mail.Record.WaitForAsync(
            record => record.MailsTo("anna@desk.example.com").Count == 1,
            Patience,
            TestContext.Current.CancellationToken
        );
        await whatsApp.Record.WaitForAsync(record => record.MessagesTo(Anna).Count == 1, Patience, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            () => nodes[0].ScalarAsync<bool>("SELECT count(*) = 2 AND bool_and(state = 'sent') FROM reminders.outbox"),
            Patience,
            "both messages sent"
        );
        Assert.Equal(2, await nodes[0].ScalarAsync<long>("SELECT count(*) FROM reminders.inbox_item"));
        Assert.Equal((1, 1), (mail.Record.MailCount, whatsApp.Record.Messages.Count));
        Assert.Equal("Вам назначена заявка: Printer", mail.Record.Mails[0].Subject);
    }

    [Fact]
    public async Task A_cart_is_reminded_of_after_its_kinds_own_delay()
    {
        await using var mail = await MailSink.StartAsync(new());
        await using var nodes = await TwoNodes.StartAsync(postgres, [.. MailSettings(mail), ("Kinds:CART_ABANDONED:Delay", "00:00:03")]);
        await nodes[0]
            .SendAsync(
                HttpMethod.Put,
                "/api/recipients",
                """{"recipients":[{"reference":"s1","name":"Sam","addresses":{"email":"s1@shop.example.com"}}]}"""
            );
        const string Body =
            """{"kind":"CART_ABANDONED","subject":"cart-1","recipients":["s1"],"data":{"cart_hash":"9f2c","items":"a lamp","url":"https://shop.example.com/c/1"}}""";
        var due = DateTimeOffset.Parse(
            (string)(await nodes[1].PostAsync("/api/notifications", Body)).Json["dueAt"]!,
            CultureInfo.InvariantCulture
        );
        await mail.Record.WaitForAsync(record => record.MailCount == 1, Patience, TestContext.Current.CancellationToken);
        Assert.True(mail.Record.Mails[0].ArrivedAt >= due, $"It was due at {due:O} and came at {mail.Record.Mails[0].ArrivedAt:O}.");
        Assert.InRange(due, TimeProvider.System.GetUtcNow().AddSeconds(-30), TimeProvider.System.GetUtcNow());
    }

    private static IEnumerable<(string, string?)> MailSettings(MailSink mail) =>
        [
            ("Email:Host", "127.0.0.1"),
            ("Email:Port", mail.Port.ToString(CultureInfo.InvariantCulture)),
            ("Email:From", "desk@desk.example.com"),
        ];
}
