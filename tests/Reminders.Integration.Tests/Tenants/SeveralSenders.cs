using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Lab.Mail;
using Reminders.Notifications;
using Reminders.People;

namespace Reminders.Integration.Tests.Tenants;

/// <summary>Mail of two senders, two numbers, two bots by webhook, two accounts of an app's own: each is a channel of its own.</summary>
public sealed class SeveralSenders(Postgres postgres)
{
    private const string PublicUrl = "http://mails.example.test/r/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Whoever_leaves_one_mailing_however_their_address_is_spelt_still_gets_the_other()
    {
        await using var first = await MailSink.StartAsync();
        await using var second = await MailSink.StartAsync();
        await using var node = await WebNode.StartAsync(
            postgres,
            null,
            [
                ("PublicUrl", PublicUrl),
                ("Email:Host", "127.0.0.1"),
                ("Email:Port", $"{first.Port}"),
                ("Email:From", "desk@example.org"),
                ("Channels:marketing:Provider", "email"),
                ("Channels:marketing:Host", "127.0.0.1"),
                ("Channels:marketing:Port", $"{second.Port}"),
                ("Channels:marketing:From", "news@example.com"),
                .. Kind("NEWS", "marketing"),
                .. Kind("BILL", "email"),
            ]
        );
        // One mailbox, given by two people in two spellings.
        await KeepAsync(node, "u1", "Anna@Example.org");
        await KeepAsync(node, "u2", "anna@example.org");
        await AskAsync(node, "NEWS", "issue-1", "u1");
        await AskAsync(node, "BILL", "bill-1", "u1");
        await second.Record.WaitForAsync(record => record.MailCount == 1, Patience);
        await first.Record.WaitForAsync(record => record.MailCount == 1, Patience);
        Assert.Contains("news@example.com", second.Record.Mails[0].Header("From")!, StringComparison.Ordinal);
        var unsubscribe = second.Record.Mails[0].Header("List-Unsubscribe")!.Trim('<', '>', ' ');
        Assert.StartsWith($"{PublicUrl}unsubscribe/marketing/", unsubscribe, StringComparison.Ordinal);
        Assert.DoesNotContain("marketing", first.Record.Mails[0].Header("List-Unsubscribe")!, StringComparison.Ordinal);

        var path = "/" + unsubscribe[PublicUrl.Length..];
        Assert.Equal(200, (await node.GetAsync(path, key: "")).Status);
        Assert.Equal(0, await node.ScalarAsync<long>("SELECT count(*) FROM reminders.opt_out"));
        Assert.Equal(200, (await node.PostAsync(path, key: "")).Status);
        Assert.Equal("marketing", await node.ScalarAsync<string>("SELECT channel FROM reminders.opt_out"));
        Assert.Equal(404, (await node.PostAsync("/unsubscribe/marketing/guess", key: "")).Status);
        await AskAsync(node, "NEWS", "issue-2", "u1");
        await AskAsync(node, "NEWS", "issue-2b", "u2");
        await AskAsync(node, "BILL", "bill-2", "u1");
        await first.Record.WaitForAsync(record => record.MailCount == 2, Patience);
        await Eventually.TrueAsync(
            () =>
                node.ScalarAsync<bool>(
                    "SELECT count(*) FILTER (WHERE state <> 'planned') = 3 FROM reminders.occurrence WHERE kind = 'NEWS'"
                ),
            Patience,
            "the news was judged"
        );
        Assert.Equal(1, second.Record.MailCount);
        Assert.Equal(200, (await node.PostAsync($"{path}/again", key: "")).Status);
        Assert.Equal(0, await node.ScalarAsync<long>("SELECT count(*) FROM reminders.opt_out"));
    }

    [Fact]
    public async Task What_is_posted_to_one_bot_with_the_others_secret_is_refused_and_its_own_is_kept_under_its_name()
    {
        await using var node = await WebNode.StartAsync(
            postgres,
            null,
            ("Channels:bot-a:Provider", "telegram"),
            ("Channels:bot-a:BotToken", "17:another-bot"),
            ("Channels:bot-a:ApiBaseUrl", "http://127.0.0.1:1/"),
            ("Channels:bot-a:Mode", "Webhook"),
            ("Channels:bot-a:WebhookUrl", "http://127.0.0.1/telegram/bot-a/webhook"),
            ("Channels:bot-a:WebhookSecret", "another-secret-of-the-webhook")
        );
        foreach (
            var (path, secret, status) in ((string, string, int)[])
                [
                    ("/telegram/bot-a/webhook", WebNode.WebhookSecret, 401),
                    ("/telegram/webhook", "another-secret-of-the-webhook", 401),
                    ("/telegram/bot-b/webhook", "another-secret-of-the-webhook", 404),
                    ("/telegram/bot-a/webhook", "another-secret-of-the-webhook", 200),
                    ("/telegram/webhook", WebNode.WebhookSecret, 200),
                ]
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent("""{"update_id":71}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", secret);
            Assert.Equal((path, status), (path, (await node.SendAsync(request)).Status));
        }

        Assert.Equal(
            "bot-a 71, telegram 71",
            await node.ScalarAsync<string>(
                "SELECT string_agg(source || ' ' || provider_id, ', ' ORDER BY source) FROM reminders.inbound_update"
            )
        );
    }

    [Fact]
    public async Task What_Meta_posts_of_one_number_is_not_taken_at_the_others_and_a_STOP_is_the_numbers_own()
    {
        const string Secret = "0123456789abcdef0123456789abcdef";
        await using var node = await WebNode.StartAsync(
            postgres,
            null,
            [
                .. WhatsAppNodes.SettingsFor(new("http://127.0.0.1:1/v23.0")),
                ("Channels:number-2:Provider", "whatsapp"),
                ("Channels:number-2:BaseUrl", "http://127.0.0.1:1/v23.0"),
                ("Channels:number-2:PhoneNumberId", "4242"),
                ("Channels:number-2:AccessToken", "EAA-another-token"),
                ("Channels:number-2:AppSecret", Secret),
                ("Channels:number-2:VerifyToken", "another-verify-token"),
            ]
        );
        await node.SendAsync(
            HttpMethod.Put,
            "/api/recipients",
            """{"recipients":[{"reference":"u1","name":"Anna","addresses":{"whatsapp":"+7 999 000 1001","number-2":"007 999 000 1001"}}]}"""
        );
        Assert.Equal(401, (await PostAsync("/webhooks/whatsapp")).Status);
        Assert.Equal(200, (await PostAsync("/webhooks/whatsapp/number-2")).Status);
        Assert.Equal(
            200,
            (
                await node.GetAsync(
                    "/webhooks/whatsapp/number-2?hub.mode=subscribe&hub.verify_token=another-verify-token&hub.challenge=7",
                    key: ""
                )
            ).Status
        );
        Assert.Equal(
            403,
            (
                await node.GetAsync("/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=another-verify-token&hub.challenge=7", key: "")
            ).Status
        );
        await Eventually.TrueAsync(
            () => node.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE state = 'handled')"),
            Patience,
            "the STOP is handled"
        );
        Assert.Equal(
            "number-2 opted_out, whatsapp reachable",
            await node.ScalarAsync<string>(
                "SELECT string_agg(channel || ' ' || state, ', ' ORDER BY channel) FROM reminders.address WHERE channel <> 'telegram'"
            )
        );

        async Task<Reply> PostAsync(string path)
        {
            var body = Encoding.UTF8.GetBytes(
                """
                {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",
                "metadata":{"phone_number_id":"4242"},"messages":[{"id":"wamid.1","from":"79990001001","type":"text","text":{"body":"STOP"}}]}}]}]}
                """
            );
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body);
            request.Headers.Add("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(signature)}");
            return await node.SendAsync(request);
        }
    }

    /// <summary>One class, two accounts.</summary>
    [Fact]
    public async Task A_sender_of_the_apps_own_is_made_once_for_each_channel_and_says_its_name()
    {
        var sent = new List<string>();
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await cluster.StartNodeAsync(channels: all =>
        {
            foreach (var name in (string[])["paper-1", "paper-2"])
            {
                all.AddSender(new ChannelTraits(name) { Provider = "paper" }, _ => new Paper(name, sent))
                    .AddKind(
                        name.Replace("-", "_", StringComparison.Ordinal).ToUpperInvariant(),
                        kind =>
                        {
                            (kind.Subject, kind.Identity, kind.Channels) = ("letter", Kinds.IdentityPolicy.Once, [name]);
                            kind.Templates["en"] = new() { ["text"] = "hello" };
                        }
                    );
            }
        });
        await cluster.SendAsync(
            new KeepRecipients([
                new("u1", "Anna", Addresses: new Dictionary<string, string> { ["paper-1"] = "shelf 1", ["paper-2"] = "shelf 2" }),
            ])
        );
        await cluster.SendAsync(new Notify("PAPER_1", "l-1", Recipients: ["u1"]));
        await cluster.SendAsync(new Notify("PAPER_2", "l-1", Recipients: ["u1"]));
        await cluster.UntilAsync("SELECT count(*) FILTER (WHERE state = 'sent') = 2 FROM reminders.outbox", Patience);
        lock (sent)
        {
            Assert.Equal(["paper-1 to shelf 1", "paper-2 to shelf 2"], sent.Order());
        }

        var wrong = cluster.AddStillNode(channels: all => all.AddSender(new("paper-3"), _ => new Paper("paper-4", sent)));
        Assert.Contains(
            "was added for the channel 'paper-3' and says that it is 'paper-4'",
            Assert.Throws<InvalidOperationException>(() => wrong.Services.GetRequiredKeyedService<ISender>("paper-3")).Message,
            StringComparison.Ordinal
        );
    }

    private static (string, string?)[] Kind(string name, string channel) =>
        [
            ($"Kinds:{name}:Subject", "letter"),
            ($"Kinds:{name}:Identity", "Once"),
            ($"Kinds:{name}:Channels:0", channel),
            ($"Kinds:{name}:Templates:en:subject", "A letter"),
            ($"Kinds:{name}:Templates:en:text", "Hello."),
        ];

    private static async Task KeepAsync(WebNode node, string reference, string address) =>
        Assert.Equal(
            200,
            (
                await node.SendAsync(
                    HttpMethod.Put,
                    "/api/recipients",
                    $$$"""
                    {"recipients":[{"reference":"{{{reference}}}","name":"Anna","addresses":{"email":"{{{address}}}","marketing":"{{{address}}}"}}]}
                    """
                )
            ).Status
        );

    private static async Task AskAsync(WebNode node, string kind, string about, string recipient) =>
        Assert.InRange(
            (
                await node.PostAsync("/api/notifications", $$"""{"kind":"{{kind}}","subject":"{{about}}","recipients":["{{recipient}}"]}""")
            ).Status,
            200,
            202
        );

    private sealed class Paper(string channel, List<string> sent) : ISender
    {
        public string Channel => channel;

        public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
        {
            lock (sent)
            {
                sent.Add($"{channel} to {delivery.Address}");
            }

            return Task.FromResult<SendResult>(new SendResult.Sent("1"));
        }
    }
}
