using Reminders.Integration.Tests.Support;
using Reminders.Lab.Mail;
using Reminders.Settings;

namespace Reminders.Integration.Tests.Web;

/// <summary>A link in the reminder to a page with its buttons: for channels that have none, and for presses that got lost.</summary>
public sealed class AnswerLinks(Postgres postgres)
{
    private const string PublicUrl = "http://answers.example.test/r/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_mail_carries_a_link_that_looking_at_leaves_alone_and_its_button_answers_once()
    {
        await using var sink = await MailSink.StartAsync();
        await using var node = await StartAsync(sink);
        var (booking, link) = await LinkAsync(node, sink);
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head, HttpMethod.Get])
        {
            Assert.Equal(200, (await node.SendAsync(method, link, null, key: "")).Status);
        }

        Assert.Equal("approved", await StatusAsync(node, booking));
        Assert.Equal(0, await node.ScalarAsync<long>("SELECT count(*) FROM reminders.press"));

        var page = await node.GetAsync(link, key: "");
        Assert.Contains("Will you be there?", page.Text, StringComparison.Ordinal);
        Assert.Contains("confirm\"><button>✅ I confirm</button>", System.Net.WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.PostAsync($"{link}/confirm", key: "")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(answers, answer => answer.Text.Contains("Thank you, see you there!", StringComparison.Ordinal));
        Assert.Equal("confirmed", await StatusAsync(node, booking));
        Assert.Equal(
            1,
            await node.ScalarAsync<long>("SELECT count(*) FROM reminders.press WHERE effect = 'Confirmed' AND provider_id = 'link'")
        );
        var story = (await node.GetAsync($"/api/bookings/{booking}/explain")).Text;
        Assert.Contains("answered by the link", story, StringComparison.Ordinal);

        // As the message would show it now: confirmed, and only declining is left.
        var after = System.Net.WebUtility.HtmlDecode((await node.GetAsync(link, key: "")).Text);
        Assert.Contains("You confirmed the interview", after, StringComparison.Ordinal);
        Assert.DoesNotContain("I confirm<", after, StringComparison.Ordinal);
        Assert.Equal(200, (await node.PostAsync($"{link}/decline", key: "")).Status);
        Assert.Equal("declined", await StatusAsync(node, booking));
    }

    [Fact]
    public async Task The_page_keeps_to_itself()
    {
        await using var sink = await MailSink.StartAsync();
        await using var node = await StartAsync(sink);
        var (_, link) = await LinkAsync(node, sink);
        using var response = await node.Http.GetAsync(new Uri(link, UriKind.Relative), TestContext.Current.CancellationToken);
        string Header(string name) => string.Join(',', response.Headers.GetValues(name));
        Assert.Equal("no-store", Header("Cache-Control"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.StartsWith("noindex", Header("X-Robots-Tag"), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_link_is_unknown_and_so_is_that_of_another_address_and_of_a_retired_key()
    {
        await using var sink = await MailSink.StartAsync();
        await using var node = await StartAsync(sink);
        var (booking, link) = await LinkAsync(node, sink);
        var name = link.Split('/')[^1];
        foreach (
            var forged in (string[])
                [
                    // Of the last letter only the upper four bits count.
                    name[..^1] + (name[^1] == 'A' ? 'E' : 'A'),
                    name[..^4] + "AAAA",
                    name + "A",
                    name[..^1],
                    "x",
                    "%00",
                    Guid.NewGuid().ToString("N"),
                    new string('A', 43),
                    new string('é', 43),
                ]
        )
        {
            var reply = await node.PostAsync($"/answer/{forged}/confirm", key: "");
            Assert.True(reply.Status is 404 or 400, $"{forged}: {reply.Status}");
        }
        Assert.Equal("approved", await StatusAsync(node, booking));

        await node.ScalarAsync<long>(
            "UPDATE reminders.address SET address = 'somebody@example.org' WHERE channel = 'email' RETURNING recipient_id"
        );
        Assert.Equal(404, (await node.PostAsync($"{link}/confirm", key: "")).Status);
        await node.ScalarAsync<long>(
            "UPDATE reminders.address SET address = 'anna@example.org' WHERE channel = 'email' RETURNING recipient_id"
        );

        // A new key signs from now on; the old one's links hold until it is retired.
        await node.ScalarAsync<int>("INSERT INTO reminders.link_key DEFAULT VALUES RETURNING id");
        Assert.Equal(200, (await node.GetAsync(link, key: "")).Status);
        await node.ScalarAsync<int>(
            "UPDATE reminders.link_key SET retired_at = now() WHERE id = (SELECT min(id) FROM reminders.link_key) RETURNING id"
        );
        Assert.Equal(404, (await node.PostAsync($"{link}/confirm", key: "")).Status);
        Assert.Equal("approved", await StatusAsync(node, booking));
    }

    [Fact]
    public async Task A_link_whose_slot_moved_was_cancelled_or_began_says_so_and_answers_nothing()
    {
        await using var sink = await MailSink.StartAsync();
        await using var node = await StartAsync(sink);
        var (booking, link) = await LinkAsync(node, sink);
        await node.PostAsync($"/api/bookings/{booking}/move", $$"""{"startsAt":"{{TimeProvider.System.GetUtcNow().AddHours(30):O}}"}""");
        var moved = await node.GetAsync(link, key: "");
        Assert.Contains("was moved", moved.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<button>", moved.Text, StringComparison.Ordinal);
        Assert.Contains("newest message", (await node.PostAsync($"{link}/confirm", key: "")).Text, StringComparison.Ordinal);
        Assert.Equal("approved", await StatusAsync(node, booking));
        await node.PostAsync($"/api/bookings/{booking}/cancel");
        Assert.Contains("was cancelled", (await node.GetAsync(link, key: "")).Text, StringComparison.Ordinal);
        await node.ScalarAsync<long>(
            "UPDATE reminders.subject SET happens_at = now() - interval '1 second' WHERE key = $1 RETURNING id",
            booking
        );
        Assert.Equal(410, (await node.GetAsync(link, key: "")).Status);
        Assert.Equal(410, (await node.PostAsync($"{link}/confirm", key: "")).Status);
    }

    [Fact]
    public async Task An_answer_by_the_link_proves_a_mail_in_doubt_delivered()
    {
        await using var sink = await MailSink.StartAsync();
        sink.Faults.NextAcceptedAndCut();
        await using var node = await StartAsync(sink);
        var (booking, link) = await LinkAsync(node, sink, "uncertain");
        Assert.Equal(200, (await node.PostAsync($"{link}/decline", key: "")).Status);
        Assert.Equal(
            "sent proved_by link",
            await node.ScalarAsync<string>("SELECT state || ' ' || reason FROM reminders.outbox WHERE channel = 'email'")
        );
        Assert.Equal("declined", await StatusAsync(node, booking));
    }

    [Fact]
    public async Task A_template_may_say_where_the_link_goes_and_what_it_says_is_escaped_on_the_page()
    {
        await using var sink = await MailSink.StartAsync();
        await using var node = await StartAsync(
            sink,
            ("Kinds:CONFIRM_2H:Templates:en:text", "<b>Answer</b> {title} at {answer_link} please.")
        );
        var (_, link) = await LinkAsync(node, sink);
        Assert.EndsWith($"{link.Split('/')[^1]} please.", sink.Record.Mails[0].Text.Trim(), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Answer&lt;/b&gt;", (await node.GetAsync(link, key: "")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kinds:CONFIRM_2H:AnswerLink", "PublicUrl is missing while Kinds:CONFIRM_2H:AnswerLink is true")]
    [InlineData("Kinds:CANDIDATE_CONFIRMED:AnswerLink", "Kinds:CANDIDATE_CONFIRMED:AnswerLink is true: it needs Buttons")]
    public async Task A_link_that_could_not_work_stops_the_start(string setting, string problem)
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(() => WebNode.StartAsync(postgres, null, (setting, "true")));
        Assert.Contains(refused.Problems, line => line.StartsWith(problem, StringComparison.Ordinal));
    }

    private Task<WebNode> StartAsync(MailSink sink, params (string Key, string? Value)[] more) =>
        WebNode.StartAsync(
            postgres,
            null,
            [
                ("Email:Host", "127.0.0.1"),
                ("Email:Port", $"{sink.Port}"),
                ("Email:From", "reminders@example.org"),
                ("PublicUrl", PublicUrl),
                ("Kinds:CONFIRM_2H:Channels:0", "email"),
                ("Kinds:CONFIRM_2H:AnswerLink", "true"),
                ("Kinds:CONFIRM_2H:Templates:en:subject", "Your interview"),
                ("Kinds:CONFIRM_2H:Templates:ru:subject", "Ваше собеседование"),
                .. more,
            ]
        );

    /// <summary>An approved booking whose reminder was mailed to Anna, and the path of the link in it.</summary>
    private static async Task<(string Booking, string Link)> LinkAsync(WebNode node, MailSink sink, string state = "sent")
    {
        var booked = await node.PostAsync("/api/bookings", WebNode.Booking(startsIn: TimeSpan.FromMinutes(115)));
        var booking = (string)booked.Json["id"]!;
        await node.ScalarAsync<long>(
            """
            INSERT INTO reminders.address (recipient_id, channel, address)
            SELECT p.recipient_id, 'email', 'anna@example.org' FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id
                AND p.role = 'candidate'
            WHERE s.key = $1 RETURNING recipient_id
            """,
            booking
        );
        Assert.Equal(200, (await node.PostAsync($"/api/bookings/{booking}/approve")).Status);
        await Eventually.TrueAsync(
            () => node.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.outbox WHERE channel = 'email' AND state = $1)", state),
            Patience,
            "the mail is out"
        );
        var text = Assert.Single(sink.Record.Mails).Text;
        var at = text.IndexOf(PublicUrl + "answer/", StringComparison.Ordinal);
        Assert.True(at >= 0, text);
        return (booking, "/" + text[(at + PublicUrl.Length)..].Split([' ', '\r', '\n'])[0]);
    }

    private static Task<string> StatusAsync(WebNode node, string booking) =>
        node.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", booking);
}
