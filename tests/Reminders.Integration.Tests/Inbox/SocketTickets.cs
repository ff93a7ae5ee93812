using System.Net.WebSockets;
using Reminders.Integration.Tests.Web;

namespace Reminders.Integration.Tests.Inbox;

/// <summary>How a live connection is opened without a long-lived token in its address, and how many a person may have.</summary>
public sealed class SocketTickets(Postgres postgres)
{
    [Fact]
    public async Task A_ticket_opens_one_connection_on_any_node_and_no_second()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres);
        var anna = await nodes.PersonAsync("anna");
        var ticket = await TicketAsync(nodes[0], anna);
        Assert.Matches("^rw_[A-Za-z0-9_-]{43}$", ticket);
        Assert.DoesNotContain(
            ticket[3..],
            await nodes[0].ScalarAsync<string>("SELECT t::text FROM reminders.socket_ticket t"),
            StringComparison.Ordinal
        );
        await using (var live = await LiveClient.OpenAsync(nodes[1], $"token={ticket}&cursor=0"))
        {
            await nodes.WriteAsync([anna]);
            Assert.Equal(1, await live.NextCursorAsync());
        }
        await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.OpenAsync(nodes[0], $"token={ticket}"));
    }

    [Fact]
    public async Task Of_many_at_once_with_one_ticket_one_gets_in()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres);
        var ticket = await TicketAsync(nodes[0], await nodes.PersonAsync("anna"));
        var tries = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async n =>
                {
                    try
                    {
                        return await LiveClient.OpenAsync(nodes[n % 2], $"token={ticket}");
                    }
                    catch (WebSocketException)
                    {
                        return null;
                    }
                })
        );
        await Assert.Single(tries, one => one is not null)!.DisposeAsync();
    }

    [Fact]
    public async Task A_ticket_is_no_token_lasts_a_minute_and_ends_with_its_token()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres);
        var anna = await nodes.PersonAsync("anna");
        var ticket = await TicketAsync(nodes[0], anna);
        (await nodes[0].GetAsync("/api/notifications/", ticket)).Problem(401);
        Assert.True(
            await nodes[0]
                .ScalarAsync<bool>(
                    "SELECT expires_at BETWEEN now() + interval '50 s' AND now() + interval '60 s' FROM reminders.socket_ticket"
                )
        );
        await nodes[0].ScalarAsync<bool>("UPDATE reminders.socket_ticket SET expires_at = now() RETURNING true");
        await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.OpenAsync(nodes[0], $"token={ticket}"));
        var another = await TicketAsync(nodes[0], anna);
        Assert.Equal(1L, await nodes[0].ScalarAsync<long>("SELECT count(*) FROM reminders.socket_ticket"));
        Assert.Equal(200, (await nodes[0].PostAsync("/api/tokens/revoke", """{"recipient":"anna"}""")).Status);
        await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.OpenAsync(nodes[0], $"token={another}"));
        (await nodes[0].PostAsync("/api/notifications/ticket/", null, anna.Token)).Problem(401);
    }

    [Fact]
    public async Task A_token_comes_by_header_or_subprotocol_and_by_address_only_where_that_is_set()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres);
        var anna = await nodes.PersonAsync("anna");
        await using (await LiveClient.ConnectAsync(nodes[0], anna))
        await using (var spoken = await LiveClient.OpenAsync(nodes[0], "", "bearer", anna.Token))
        {
            Assert.Equal("bearer", spoken.Protocol);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.OpenAsync(nodes[0], $"token={anna.Token}"));
        await using var lax = await nodes[0].StartAnotherAsync(("Inbox:TokenInAddress", "true"));
        await using var live = await LiveClient.OpenAsync(lax, $"token={anna.Token}");
    }

    [Fact]
    public async Task One_more_than_a_person_may_have_closes_their_oldest_and_nobody_else_s()
    {
        await using var nodes = await TwoNodes.StartAsync(postgres, ("Inbox:SocketsPerPerson", "3"));
        var (anna, boris) = (await nodes.PersonAsync("anna"), await nodes.PersonAsync("boris"));
        await using var other = await LiveClient.ConnectAsync(nodes[0], boris);
        var sockets = new List<LiveClient>();
        for (var i = 0; i < 5; i++)
        {
            sockets.Add(await LiveClient.ConnectAsync(nodes[0], anna));
        }

        foreach (var closed in sockets.Take(2))
        {
            Assert.Null(await closed.NextAsync());
            Assert.Equal(4429, (int)closed.ClosedWith!);
        }
        await nodes.WriteAsync([anna, boris]);
        foreach (var open in sockets.Skip(2).Append(other))
        {
            Assert.Equal(1, await open.NextCursorAsync());
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    private static async Task<string> TicketAsync(WebNode node, Person person)
    {
        var issued = await node.PostAsync("/api/notifications/ticket/", null, person.Token);
        Assert.Equal(200, issued.Status);
        return (string)issued.Json["ticket"]!;
    }
}
