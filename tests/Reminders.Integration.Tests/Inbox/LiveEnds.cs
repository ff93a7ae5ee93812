using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Integration.Tests.Web;

namespace Reminders.Integration.Tests.Inbox;

/// <summary>How live connections are refused, and how they end.</summary>
public sealed class LiveEnds(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_handshake_with_a_bad_token_or_cursor_is_refused_as_a_problem()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres);
        var (anna, mallory) = (await nodes.PersonAsync("anna"), new Person(0, "mallory", "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        (await nodes[0].GetAsync("/ws/notifications/", "")).Problem(401);
        (await nodes[0].GetAsync($"/ws/notifications/?token={mallory.Token}", "")).Problem(401);
        (await nodes[0].GetAsync("/ws/notifications/", anna.Token)).Problem(426);
        await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.ConnectAsync(nodes[0], mallory));
        Assert.Equal(["cursor"], (await HandshakeAsync(nodes[0], anna, "soon")).WrongFields());
        Assert.Equal(["cursor"], (await HandshakeAsync(nodes[0], anna, "7")).WrongFields());
    }

    [Fact]
    public async Task A_connection_lasts_no_longer_than_its_token()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ("Inbox:PollInterval", "00:00:00.2"));
        var (anna, boris, clara) = (await nodes.PersonAsync("anna"), await nodes.PersonAsync("boris"), await nodes.PersonAsync("clara"));
        await using var revoked = await LiveClient.ConnectAsync(nodes[0], anna);
        await using var expired = await LiveClient.ConnectAsync(nodes[1], boris);
        await using var stays = await LiveClient.ConnectAsync(nodes[1], clara);
        await nodes[1].PostAsync("/api/tokens/revoke", """{"recipient":"anna"}""");
        await nodes[0]
            .ScalarAsync<long>(
                "UPDATE reminders.access_token SET expires_at = now() WHERE recipient_id = $1 RETURNING recipient_id",
                boris.Id
            );
        foreach (var client in (LiveClient[])[revoked, expired])
        {
            Assert.Null(await client.NextAsync());
            Assert.Equal(4401, (int)client.ClosedWith!);
        }
        await nodes.WriteAsync([anna, boris, clara]);
        Assert.Equal(1, await stays.NextCursorAsync());
    }

    [Fact]
    public async Task A_node_that_stops_says_so_and_the_other_goes_on_from_the_cursor()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres);
        var anna = await nodes.PersonAsync("anna");
        await using var client = await LiveClient.ConnectAsync(nodes[1], anna);
        await nodes.WriteAsync([anna], times: 2);
        Assert.Equal([1, 2], await client.NextCursorsAsync(2));
        var stopping = nodes[1].App.StopAsync(TestContext.Current.CancellationToken);
        Assert.Null(await client.NextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.ClosedWith);
        await client.CloseAsync();
        await nodes.WriteAsync([anna]);
        await stopping.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await using var again = await LiveClient.ConnectAsync(nodes[0], anna, cursor: 2);
        Assert.Equal(3, await again.NextCursorAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_told_4008_and_comes_back_to_what_it_missed()
    {
        await using var nodes = await TwoNodes.StartAsync(
            postgres,
            ("Inbox:SendTimeout", "00:00:00.5"),
            ("Inbox:CloseTimeout", "00:01:00"),
            ("Inbox:Buffer", "5")
        );
        var (anna, boris) = (await nodes.PersonAsync("anna"), await nodes.PersonAsync("boris"));
        var slow = new TaskCompletionSource();
        using var heard = Hear(nodes[0], "reminders.inbox.sockets.slow", slow);
        await using var client = await LiveClient.ConnectAsync(nodes[0], anna);
        await using var quick = await LiveClient.ConnectAsync(nodes[0], boris);
        // More than the sockets' own buffers on both sides can hold.
        const int Many = 300;
        await nodes.WriteAsync([anna], data: $$"""{"author":"Rita","comment":"{{new string('x', 60_000)}}"}""", times: Many);
        await nodes.WriteAsync([boris]);
        // Nobody else waits for it.
        Assert.Equal(1, await quick.NextCursorAsync());
        await slow.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        var got = new List<long>();
        while (await client.NextAsync() is { } item)
        {
            got.Add((long)item["cursor"]!);
        }

        Assert.Equal(4008, (int)client.ClosedWith!);
        Assert.InRange(got.Count, 1, Many - 1);
        await using var again = await LiveClient.ConnectAsync(nodes[1], anna, got[^1]);
        got.AddRange(await again.NextCursorsAsync(Many - got.Count));
        Assert.Equal(Enumerable.Range(1, Many).Select(n => (long)n), got);
    }

    [Fact]
    public async Task A_client_that_answers_no_ping_is_cut_off()
    {
        await using var nodes = await TwoNodes.StartAsync(
            postgres,
            ("Inbox:PingInterval", "00:00:00.2"),
            ("Inbox:PingTimeout", "00:00:00.4")
        );
        var anna = await nodes.PersonAsync("anna");
        // One that does answer stays: its client library does so by itself, while it reads.
        await using var lively = await LiveClient.ConnectAsync(nodes[0], anna);
        var next = lively.NextCursorAsync();
        using var mute = new TcpClient();
        await mute.ConnectAsync(IPAddress.Loopback, nodes[0].Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await mute.GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"""
                    GET {LiveClient.Address(nodes[0], "").PathAndQuery} HTTP/1.1
                    Authorization: Bearer {anna.Token}
                    Host: localhost
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==


                    """.ReplaceLineEndings("\r\n")
                ),
                TestContext.Current.CancellationToken
            );
        using var bound = new CancellationTokenSource(Patience);
        var everything = new StringBuilder();
        var buffer = new byte[1024];
        try
        {
            while (await mute.GetStream().ReadAsync(buffer, bound.Token) is > 0 and var read)
            {
                everything.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Cut off, not closed.
        }
        Assert.StartsWith("HTTP/1.1 101", everything.ToString(), StringComparison.Ordinal);
        await nodes.WriteAsync([anna]);
        Assert.Equal(1, await next);
    }

    private static async Task<Reply> HandshakeAsync(WebNode node, Person person, string cursor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/ws/notifications/?cursor={cursor}");
        request.Headers.Authorization = new("Bearer", person.Token);
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        return await node.SendAsync(request);
    }

    /// <summary>A signal when this node, and no other of the process, counts something.</summary>
    private static MeterListener Hear(WebNode node, string instrument, TaskCompletionSource heard)
    {
        var factory = node.Engine.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (published, listening) =>
            {
                if (published.Name == instrument && published.Meter.Scope == factory)
                {
                    listening.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => heard.TrySetResult());
        listener.Start();
        return listener;
    }
}
