using Microsoft.Extensions.DependencyInjection;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;
using Reminders.People;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Answers;

/// <summary>Who has no chat yet opens the bot by a link, and what waited for them goes out.</summary>
public sealed class StartLinks(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_reminder_waits_for_the_start_link_and_is_then_sent_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await WithoutChatAsync(cluster);
        await cluster.ApproveAsync(booking.Id);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.occurrence WHERE state = 'waiting')", Patience);
        cluster.Telegram.SendText(5005, $"/start {booking.Candidate.StartCode}");
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(5005).Count == 2, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        Assert.Single(
            cluster.Telegram.Record.MessagesTo(5005),
            message => message.Text.StartsWith("Hello Vera! Your interview", StringComparison.Ordinal)
        );
        Assert.Single(
            cluster.Telegram.Record.MessagesTo(5005),
            message => message.Text.Contains("This is where", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_first_chat_keeps_the_code_and_a_second_is_refused()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await WithoutChatAsync(cluster);
        var code = booking.Candidate.StartCode;
        Assert.Equal(BindResult.UnknownCode, await cluster.SendAsync(new BindChat(5005, "no such code")));
        Assert.Equal(BindResult.Bound, await cluster.SendAsync(new BindChat(5005, code)));
        Assert.Equal(BindResult.TakenByAnotherChat, await cluster.SendAsync(new BindChat(6006, code)));
        Assert.Equal(
            "5005",
            await cluster.ScalarAsync<string>(
                "SELECT address FROM reminders.address WHERE channel = 'telegram' AND recipient_id = (SELECT id FROM "
                    + "reminders.recipient WHERE start_code = $1)",
                code
            )
        );
    }

    [Fact]
    public async Task Of_many_chats_that_use_one_code_at_once_one_gets_it()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await WithoutChatAsync(cluster);
        var results = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(chat => Task.Run(() => cluster.SendAsync(new BindChat(chat, booking.Candidate.StartCode))))
        );
        Assert.Single(results, BindResult.Bound);
    }

    [Fact]
    public async Task Every_start_is_greeted()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await WithoutChatAsync(cluster);
        for (var round = 1; round <= 2; round++)
        {
            await cluster.SendAsync(new BindChat(5005, booking.Candidate.StartCode));
            await hand.FireAsync();
            var greeting = await hand.DeliverAsync(new Reminders.Channels.SendResult.Sent("1"));
            Assert.Equal("CHAT_BOUND", greeting.Kind);
        }
    }

    [Theory]
    [InlineData("/start {0}")]
    [InlineData("/start@InterviewBot {0}")]
    [InlineData("/start")]
    [InlineData("hello")]
    public async Task In_a_group_nothing_is_bound_lifted_or_answered(string text)
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await WithoutChatAsync(cluster);
        cluster.Telegram.AddChat(-500, "A group");
        cluster.Telegram.SendText(
            -500,
            string.Format(System.Globalization.CultureInfo.InvariantCulture, text, booking.Candidate.StartCode)
        );
        await cluster.UntilAsync("SELECT count(*) = 1 FROM reminders.inbound_update WHERE state = 'handled'", Patience);
        Assert.Equal(
            0,
            await cluster.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.address WHERE recipient_id = (SELECT id FROM reminders.recipient WHERE start_code = $1)",
                booking.Candidate.StartCode
            )
        );
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));
        // The candidate's own chat can still take it.
        Assert.Equal(BindResult.Bound, await cluster.SendAsync(new BindChat(5005, booking.Candidate.StartCode)));
    }

    [Theory]
    [InlineData("edited_message", "\"id\":5005,\"type\":\"private\"")]
    [InlineData("channel_post", "\"id\":-1001234567890,\"type\":\"channel\"")]
    [InlineData("message", "\"id\":-1001234567890,\"type\":\"supergroup\"")]
    [InlineData("message", "\"id\":-500")]
    [InlineData("message", "\"id\":5005,\"type\":\"group\"")]
    public async Task Only_a_new_message_of_a_private_chat_binds(string kind, string chat)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var store = cluster.AddStillNode().Services.GetRequiredService<UpdateStore>();
        var booking = await WithoutChatAsync(cluster);
        var json =
            "{\"update_id\":71,\""
            + kind
            + "\":{\"message_id\":1,\"date\":1,\"chat\":{"
            + chat
            + "},\"text\":\"/start "
            + booking.Candidate.StartCode
            + "\"}}";
        await store.StoreAsync(TelegramChannel.Name, [new RawUpdate(71, json).ToInbound()], TestContext.Current.CancellationToken);
        await cluster.SendAsync(new HandleNextUpdate());
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.address")); // the recruiter's
    }

    [Fact]
    public async Task A_group_id_binds_nothing_however_it_comes()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await WithoutChatAsync(cluster);
        Assert.Equal(BindResult.NotPrivate, await cluster.SendAsync(new BindChat(-1001234567890, booking.Candidate.StartCode)));
    }

    [Fact]
    public async Task A_chat_that_was_unbound_hears_and_answers_nothing_more_and_its_code_is_spent()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync(6006);
        var message = await hand.DeliverAsync(new Reminders.Channels.SendResult.Sent("77"));
        var person = await PersonAsync(cluster, booking);
        var unbound = Assert
            .IsType<Outcome<StartCodeView>.Done>(await cluster.SendAsync(new UnbindAddress(person.Reference, "telegram", "the wrong chat")))
            .Value;
        Assert.NotEqual(person.Code, unbound.StartCode);
        Assert.Equal(AnswerEffect.Unknown, await hand.PressAsync(message, "confirm", from: 6006));
        Assert.Equal(BindResult.UnknownCode, await cluster.SendAsync(new BindChat(6006, person.Code)));
        Assert.Equal(BindResult.Bound, await cluster.SendAsync(new BindChat(5005, unbound.StartCode)));
        Assert.Equal(
            "engine address.unbind recipient #1 the wrong chat",
            await cluster.ScalarAsync<string>(
                "SELECT actor || ' ' || action || ' ' || about || ' ' || reason FROM reminders.audit WHERE action = 'address.unbind'"
            )
        );
        Assert.IsType<Outcome<StartCodeView>.NotFound>(await cluster.SendAsync(new UnbindAddress(person.Reference, "email")));
        Assert.IsType<Outcome<StartCodeView>.NotFound>(await cluster.SendAsync(new UnbindAddress("nobody", "telegram")));
    }

    [Fact]
    public async Task A_renewed_code_ends_the_old_one_and_moves_nobody()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await WithoutChatAsync(cluster);
        var person = await PersonAsync(cluster, booking.Id);
        var renewed = Assert
            .IsType<Outcome<StartCodeView>.Done>(await cluster.SendAsync(new RenewStartCode(person.Reference)))
            .Value.StartCode;
        Assert.Equal(BindResult.UnknownCode, await cluster.SendAsync(new BindChat(5005, person.Code)));
        Assert.Equal(BindResult.Bound, await cluster.SendAsync(new BindChat(5005, renewed)));
        var next = Assert
            .IsType<Outcome<StartCodeView>.Done>(await cluster.SendAsync(new RenewStartCode(person.Reference)))
            .Value.StartCode;
        Assert.Equal(BindResult.TakenByAnotherChat, await cluster.SendAsync(new BindChat(6006, next)));
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.audit WHERE action = 'start_code.renew'"));
        Assert.Equal(
            "telegram:5005 f, telegram:6006 t other_chat",
            await cluster.ScalarAsync<string>(
                "SELECT string_agg(concat_ws(' ', actor, refused, reason), ', ' ORDER BY id) FROM reminders.audit WHERE "
                    + "action = 'address.bind'"
            )
        );
    }

    [Fact]
    public async Task A_code_that_is_renewed_while_it_is_used_binds_before_or_not_at_all()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        for (var round = 0; round < 10; round++)
        {
            var booking = await WithoutChatAsync(cluster);
            var person = await PersonAsync(cluster, booking.Id);
            var bind = Task.Run(() => cluster.SendAsync(new BindChat(5005 + round, person.Code)));
            var unbind = Task.Run(() => cluster.SendAsync(new UnbindAddress(person.Reference, "telegram")));
            await Task.WhenAll(bind, unbind);
            // Bound before: taken away again, or unbound when there was nothing yet, and then the code was good.
            var bound = await cluster.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.address a JOIN reminders.recipient r ON r.id = a.recipient_id WHERE r.reference = $1",
                person.Reference
            );
            Assert.Equal(await unbind is Outcome<StartCodeView>.NotFound ? 1 : 0, bound);
            Assert.Equal(BindResult.Bound, await bind);
        }
    }

    private static async Task<(string Reference, string Code)> PersonAsync(Cluster cluster, Guid booking)
    {
        var row = await cluster.ScalarAsync<string[]>(
            """
            SELECT array[r.reference, r.start_code] FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id
                AND p.role = 'candidate'
            JOIN reminders.recipient r ON r.id = p.recipient_id WHERE s.key = $1
            """,
            booking.ToString()
        );
        return (row[0], row[1]);
    }

    private static async Task<BookingView> WithoutChatAsync(Cluster cluster) =>
        Assert
            .IsType<Outcome<BookingView>.Done>(
                await cluster.SendAsync(
                    new CreateBooking(
                        "QA",
                        TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(100),
                        new PersonDraft("Vera"),
                        new PersonDraft("Rita", TelegramChatId: 9001)
                    )
                )
            )
            .Value;
}
