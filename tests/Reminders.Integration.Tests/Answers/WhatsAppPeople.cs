using Reminders.Integration.Tests.Support;
using Reminders.Lab.WhatsApp;

namespace Reminders.Integration.Tests.Answers;

/// <summary>People who hide their number, take another one, or cannot be written to just now.</summary>
public sealed class WhatsAppPeople(Postgres postgres)
{
    private const string User = "US.13491208655302741918";
    private const string NewNumber = "79990001777";

    [Fact]
    public async Task A_press_without_a_number_is_answered_by_its_token_and_context_and_the_person_is_known_from_then_on()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        // Before the press nobody can know who they are.
        await nodes.SettledAsync(nodes.WhatsApp.SendText(WhatsAppNodes.Anna, "STOP", User));
        Assert.Equal(0, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.opt_out"));
        await nodes.SettledAsync(nodes.WhatsApp.Press(message.Id, 0, userId: User));
        Assert.Equal("confirmed", await nodes.First.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE type = 'booking'"));
        await nodes.SettledAsync(nodes.WhatsApp.SendText(WhatsAppNodes.Anna, "STOP", User));
        Assert.Equal("opted_out", await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
    }

    [Fact]
    public async Task Who_says_nothing_of_themselves_is_believed_by_the_token_unless_it_hangs_under_another_message()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        var data = message.Buttons[0].Data;
        var posts = new WhatsAppPosts(nodes.First);
        Assert.Equal(
            "press: NotYours",
            await posts.EffectAsync(
                "wamid.X1",
                $$$"""{"id":"wamid.X1","context":{"id":"wamid.OTHER"},"type":"button","button":{"payload":"{{{data}}}"}}"""
            )
        );
        Assert.Equal(
            "press: Unknown",
            await posts.EffectAsync(
                "wamid.X2",
                $$$"""{"id":"wamid.X2","from_user_id":"{{{User}}}","type":"button","button":{"payload":"confirm:{{{Guid.NewGuid():N}}}"}}"""
            )
        );
        Assert.Equal(
            "press: Confirmed",
            await posts.EffectAsync(
                "wamid.X3",
                $$$"""{"id":"wamid.X3","from":"","context":{"id":"{{{message.Id}}}"},"type":"button","button":{"payload":"{{{data}}}"}}"""
            )
        );
    }

    [Fact]
    public async Task A_changed_number_takes_the_address_its_answers_and_its_opt_out_along()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        await nodes.SettledAsync(nodes.WhatsApp.SendText(WhatsAppNodes.Anna, "STOP"));
        await nodes.SettledAsync(nodes.WhatsApp.ChangeNumber(WhatsAppNodes.Anna, NewNumber));
        Assert.Equal(
            $"{NewNumber} opted_out",
            await nodes.First.ScalarAsync<string>("SELECT address || ' ' || state FROM reminders.address WHERE channel = 'whatsapp'")
        );
        Assert.Equal(2, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.opt_out"));
        Assert.StartsWith(
            "address.move recipient ",
            await nodes.First.ScalarAsync<string>("SELECT action || ' ' || about FROM reminders.audit WHERE action = 'address.move'"),
            StringComparison.Ordinal
        );
        await nodes.SettledAsync(nodes.WhatsApp.Press(message.Id, 0, from: WhatsAppNodes.Anna));
        await nodes.SettledAsync(nodes.WhatsApp.Press(message.Id, 0, from: NewNumber));
        Assert.Equal(
            ["press: NotYours", "press: Confirmed"],
            await nodes.First.ScalarAsync<string[]>(
                "SELECT array_agg(effect ORDER BY seq) FROM reminders.inbound_update WHERE effect LIKE 'press%'"
            )
        );
        // Said once more, there is nobody left to move.
        await nodes.SettledAsync(nodes.WhatsApp.ChangeNumber(WhatsAppNodes.Anna, NewNumber));
        Assert.Equal(1, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.audit WHERE action = 'address.move'"));
    }

    [Theory]
    [InlineData("""{"type":"customer_changed_number","new_wa_id":"79990001777"}""", "number changed: 1 moved")]
    [InlineData(
        """{"type":"user_changed_number","wa_id":"not a number"}""",
        "refused: system.wa_id should be the new phone number, and from the old one: 7 to 15 digits each"
    )]
    [InlineData(
        """{"type":"user_changed_number"}""",
        "refused: system.wa_id should be the new phone number, and from the old one: 7 to 15 digits each"
    )]
    [InlineData("""{"type":"customer_identity_changed"}""", "notice: customer_identity_changed")]
    public async Task What_WhatsApp_says_of_a_chat_is_nobodys_text(string system, string effect)
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        await nodes.ApproveAsync();
        await nodes.ArrivedAsync();
        Assert.Equal(
            effect,
            await new WhatsAppPosts(nodes.First).EffectAsync(
                "wamid.S1",
                $$$"""{"id":"wamid.S1","from":"{{{WhatsAppNodes.Anna}}}","type":"system","system":{{{system}}}}"""
            )
        );
        Assert.Single(nodes.WhatsApp.Record.Messages);
    }

    [Theory]
    [InlineData(131047, "reachable")]
    [InlineData(131049, "reachable")]
    [InlineData(131050, "reachable")]
    [InlineData(130472, "reachable")]
    [InlineData(132001, "reachable")]
    [InlineData(131026, "unreachable")]
    public async Task What_is_refused_at_once_falls_over_as_what_fails_later_does(int code, string state)
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        nodes.WhatsApp.RefuseNext(WhatsAppNodes.Anna, code);
        await nodes.ApproveAsync();
        await nodes.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE channel = 'telegram' AND kind = 'CONFIRM_2H')");
        Assert.Equal(["send 0 dead"], await nodes.MessagesAsync());
        Assert.Equal(state, await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
        // It goes another way: there is nothing the recruiter would have to do.
        Assert.Equal(0, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'REMINDER_SKIPPED'"));
    }

    [Fact]
    public async Task A_window_that_is_closed_falls_over()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres, new WhatsAppSimulatorOptions { EnforceLimits = false });
        await nodes.ApproveAsync();
        await nodes.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE channel = 'telegram' AND kind = 'CONFIRM_2H')");
        Assert.Equal(1, nodes.WhatsApp.Record.Calls);
    }
}
