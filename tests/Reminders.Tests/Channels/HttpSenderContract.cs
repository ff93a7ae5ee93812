using Reminders.Channels;
using Reminders.Tests.Channels.Wire;

namespace Reminders.Tests.Channels;

/// <summary>The contract over HTTP, with what only HTTP can do wrong.</summary>
public abstract class HttpSenderContract : SenderContract
{
    private const string Html = "<html><body><h1>nginx</h1></body></html>";

    /// <summary>The provider's answer to a message it takes.</summary>
    protected abstract string AcceptedBody { get; }

    protected abstract ISender CreateSender(Uri provider, TimeSpan sendTimeout);

    protected override Task<Scene> SetAsync(Provider provider, TimeSpan sendTimeout)
    {
        if (provider == Provider.RefusesConnections)
        {
            var nobody = new NobodyListening();
            return Task.FromResult(
                new Scene(
                    CreateSender(nobody.Url, sendTimeout),
                    () => 0,
                    Task.CompletedTask,
                    () =>
                    {
                        nobody.Dispose();
                        return ValueTask.CompletedTask;
                    }
                )
            );
        }
        var server = ScriptedServer.Start(exchange => PlayAsync(provider, exchange));
        return Task.FromResult(
            new Scene(CreateSender(server.Url, sendTimeout), () => server.Requests.Length, server.First, server.DisposeAsync)
        );
    }

    [Theory]
    [InlineData(502, Html, "text/html")]
    [InlineData(500, """{"ok":false,"error_code":500,"description":"Internal Server Error"}""", "application/json")]
    [InlineData(503, "", "text/plain")]
    [InlineData(200, Html, "text/html")]
    [InlineData(200, "", "application/json")]
    [InlineData(200, "{}", "application/json")]
    [InlineData(200, "null", "application/json")]
    [InlineData(403, Html, "text/html")]
    [InlineData(408, "", "text/plain")]
    public async Task A_reply_that_is_not_the_providers_own_is_uncertain(int status, string body, string contentType)
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(status, body, contentType));
        Assert.IsType<SendResult.Uncertain>(await SendToAsync(server.Url));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_reply_cut_in_half_is_uncertain()
    {
        await using var server = ScriptedServer.Start(exchange => exchange.HalfReplyAsync(AcceptedBody));
        Assert.IsType<SendResult.Uncertain>(await SendToAsync(server.Url));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Half_a_JSON_document_is_uncertain()
    {
        var half = AcceptedBody[..(AcceptedBody.Length / 2)];
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, half));
        Assert.IsType<SendResult.Uncertain>(await SendToAsync(server.Url));
    }

    /// <summary>Read to the end it would be in memory whole, for each of the messages under way.</summary>
    [Fact]
    public async Task An_answer_is_read_up_to_a_bound_and_beyond_it_is_uncertain()
    {
        foreach (var more in (int[])[0, 1])
        {
            await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, AcceptedBody.PadRight(256 * 1024 + more)));
            var result = await SendToAsync(server.Url);
            Assert.IsType(more == 0 ? typeof(SendResult.Sent) : typeof(SendResult.Uncertain), result);
            Assert.Single(server.Requests);
        }
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed_and_is_uncertain(int status)
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(status, "", headers: "Location: /elsewhere\r\n"));
        Assert.IsType<SendResult.Uncertain>(await SendToAsync(server.Url));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_host_without_an_address_is_not_delivered() =>
        Assert.IsType<SendResult.NotDelivered>(await SendToAsync(new Uri("http://no-such-host.invalid/")));

    [Fact]
    public async Task A_failed_TLS_handshake_is_not_delivered()
    {
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, AcceptedBody));
        Assert.IsType<SendResult.NotDelivered>(await SendToAsync(new Uri($"https://127.0.0.1:{server.Port}/")));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reused_connection_cut_after_the_request_makes_it_uncertain_and_it_arrives_once(bool reset)
    {
        await using var server = ScriptedServer.Start(exchange =>
            exchange switch
            {
                { Number: 0 } => exchange.ReplyAsync(200, AcceptedBody),
                _ => PlayAsync(reset ? Provider.ResetsAfterTheMessage : Provider.CutsAfterTheMessage, exchange),
            }
        );
        var sender = CreateSender(server.Url, Patient);
        Assert.IsType<SendResult.Sent>(await sender.SendAsync(Message, Running));
        Assert.IsType<SendResult.Uncertain>(await sender.SendAsync(Message, Running));
        Assert.Equal(2, server.Requests.Length); // one for each send: a silent repeat would be a third
    }

    private async Task<SendResult> SendToAsync(Uri provider) => await CreateSender(provider, Patient).SendAsync(Message, Running);

    private async Task PlayAsync(Provider provider, Exchange exchange)
    {
        switch (provider)
        {
            case Provider.Accepts:
                await exchange.ReplyAsync(200, AcceptedBody);
                break;
            case Provider.CutsAfterTheMessage:
                exchange.Cut();
                break;
            case Provider.ResetsAfterTheMessage:
                exchange.Reset();
                break;
            case Provider.StaysSilent:
                await exchange.StaySilentAsync();
                break;
            case Provider.AnswersNonsense:
                await exchange.RawAsync("220 mail.example.org ESMTP\r\n\r\n");
                break;
        }
    }
}
