using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Reminders.Lab.Mail;

namespace Reminders.Lab.Tests.Mail;

public sealed class MailFaultTests
{
    [Fact]
    public async Task A_cut_after_accepting_leaves_a_mail_and_a_doubt()
    {
        await using var client = await MailClient.GreetedAsync();
        client.Sink.Faults.NextAcceptedAndCut();
        Assert.Equal("", await client.SendAsync());
        Assert.Equal(MailFaultKind.Cut, Assert.Single(client.Sink.Record.Mails).Fault);
        var doubt = Assert.Single(client.Sink.Record.Doubts);
        Assert.Equal(("anna@example.org", "<1@example.org>", true), (doubt.To, doubt.MessageId, doubt.Accepted));
    }

    [Theory]
    [InlineData(MailFaultKind.Cut, "")]
    [InlineData(MailFaultKind.Nonsense, "HTTP/1.1 200 OK")]
    public async Task A_fault_at_the_dot_without_accepting_is_a_doubt_about_nothing(MailFaultKind kind, string answer)
    {
        await using var client = await MailClient.GreetedAsync();
        client.Sink.Faults.Add(new(kind, MailPhase.Dot));
        Assert.StartsWith(answer, await client.SendAsync());
        Assert.Empty(client.Sink.Record.Mails);
        Assert.False(Assert.Single(client.Sink.Record.Doubts).Accepted);
    }

    [Fact]
    public async Task A_cut_before_the_dot_is_neither_mail_nor_doubt()
    {
        await using var client = await MailClient.GreetedAsync();
        client.Sink.Faults.Add(new(MailFaultKind.Cut, MailPhase.Content));
        await client.OpenDataAsync();
        await client.WriteAsync("Date: x\r\n");
        Assert.Equal("", await client.ReadAsync());
        await client.Sink.Record.WaitForAsync(record => record.OpenConnections == 0, MailClient.Patience);
        Assert.Equal((0, 0), (client.Sink.Record.MailCount, client.Sink.Record.Doubts.Count));
    }

    [Fact]
    public async Task A_reply_can_be_ordered_for_any_phase_so_many_times_and_421_closes()
    {
        await using var client = await MailClient.GreetedAsync();
        client
            .Sink.Faults.NextReply(451, MailPhase.Sender, count: 2)
            .NextReply(550, MailPhase.Recipient, recipient: "BOB@example.org")
            .NextReply(421, MailPhase.Dot);
        Assert.StartsWith("451", await client.AskAsync("MAIL FROM:<a@example.org>"));
        Assert.StartsWith("451", await client.AskAsync("MAIL FROM:<a@example.org>"));
        await client.AskAsync("MAIL FROM:<a@example.org>");
        Assert.StartsWith("250", await client.AskAsync("RCPT TO:<anna@example.org>"));
        Assert.StartsWith("550", await client.AskAsync("RCPT TO:<bob@example.org>"));
        Assert.StartsWith("354", await client.AskAsync("DATA"));
        Assert.StartsWith("421", await client.AskAsync($"{MailClient.Mail}."));
        Assert.Equal("", await client.ReadAsync());
        Assert.Empty(client.Sink.Record.Mails);
        Assert.Empty(client.Sink.Faults.Rules);
    }

    [Fact]
    public async Task A_greeting_can_be_refused_or_reset()
    {
        await using var client = await MailClient.StartAsync(faults: faults => faults.NextReply(421, MailPhase.Connect));
        Assert.StartsWith("421", await client.ReadAsync());
        client.Sink.Faults.Add(new(MailFaultKind.Reset, MailPhase.Connect));
        using var other = new TcpClient();
        // It may be reset before the connecting itself is over.
        var failure = await Record.ExceptionAsync(async () =>
        {
            await other.ConnectAsync("127.0.0.1", client.Sink.Port);
            await other.GetStream().ReadExactlyAsync(new byte[1]);
        });
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failure?.GetBaseException()).SocketErrorCode);
    }

    [Fact]
    public async Task A_delay_at_the_dot_holds_back_the_answer_and_not_the_mail()
    {
        var time = new WatchedTime();
        await using var client = await MailClient.StartAsync(time: time);
        await client.ReadAsync();
        await client.AskAsync("EHLO me");
        client.Sink.Faults.Add(new(MailFaultKind.Delay, MailPhase.Dot) { Delay = TimeSpan.FromSeconds(20) });
        var sending = client.SendAsync();
        await client.Sink.Record.WaitForAsync(record => record.MailCount == 1, MailClient.Patience);
        await time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(20));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.StartsWith("250", await sending);
        Assert.Empty(client.Sink.Record.Doubts);
    }

    [Fact]
    public void A_share_is_the_same_in_every_run_of_a_seed()
    {
        static bool[] Draws(int seed, IEnumerable<int> people)
        {
            var plan = new MailFaultPlan(seed).Add(new(MailFaultKind.Cut, MailPhase.Dot) { Probability = 0.3 });
            return
            [
                .. people
                    .Select(i => (i, Hit: plan.Decide(MailPhase.Dot, $"p{i}@example.org") is not null))
                    .OrderBy(p => p.i)
                    .Select(p => p.Hit),
            ];
        }

        var people = Enumerable.Range(0, 200).ToArray();
        Assert.Equal(Draws(5, people), Draws(5, people.Reverse()));
        Assert.NotEqual(Draws(5, people), Draws(6, people));
        Assert.InRange(Draws(5, people).Count(hit => hit), 35, 85);
    }

    [Fact]
    public async Task Faults_and_the_record_can_be_reached_over_http()
    {
        await using var client = await MailClient.GreetedAsync();
        using var http = new HttpClient { BaseAddress = client.Sink.ControlAddress };
        Assert.Contains($"port {client.Sink.Port}", await http.GetStringAsync("/"));
        using var ok = await http.PostAsync(
            "/sandbox/faults",
            new StringContent("""{"kind":"Cut","phase":"Dot","accepts":true,"next":1}""")
        );
        Assert.Equal(HttpStatusCode.OK, ok.StatusCode);
        await client.SendAsync();
        var record = await http.GetFromJsonAsync<JsonElement>("/sandbox/record");
        Assert.Equal(
            (1, "Cut"),
            (record.GetProperty("mails").GetInt32(), record.GetProperty("doubts")[0].GetProperty("fault").GetString())
        );
        var mails = await http.GetFromJsonAsync<JsonElement>("/sandbox/mails?to=anna@example.org");
        Assert.Equal("<1@example.org>", Assert.Single(mails.EnumerateArray()).GetProperty("message_id").GetString());
        Assert.Equal(0, (await http.GetFromJsonAsync<JsonElement>("/sandbox/mails?to=b@example.org")).GetArrayLength());
    }

    [Theory]
    [InlineData("""{"kind":"Earthquake","phase":"Dot"}""")]
    [InlineData("""{"kind":"Cut","phase":"Dot","nxet":1}""")]
    [InlineData("""{"kind":"Cut","phase":"Sender","accepts":true}""")]
    [InlineData("""{"kind":"Cut","phase":"Sender","recipient":"a@example.org"}""")]
    [InlineData("""{"kind":"Reply","phase":"Dot","code":99}""")]
    [InlineData("""{"kind":"Cut","phase":"Dot","probability":1.1}""")]
    [InlineData("no json")]
    public async Task A_rule_that_makes_no_sense_is_refused_with_its_reason(string rule)
    {
        await using var sink = await MailSink.StartAsync();
        using var http = new HttpClient { BaseAddress = sink.ControlAddress };
        using var refused = await http.PostAsync("/sandbox/faults", new StringContent(rule));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.NotEmpty((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!);
        Assert.Empty(sink.Faults.Rules);
    }
}
