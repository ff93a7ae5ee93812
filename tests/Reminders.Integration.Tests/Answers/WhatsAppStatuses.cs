using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;
using Reminders.Lab.WhatsApp;

namespace Reminders.Integration.Tests.Answers;

/// <summary>Statuses come twice, to two nodes, late and in any order: the first that says something new counts.</summary>
public sealed class WhatsAppStatuses(Postgres postgres)
{
    private static readonly WhatsAppSimulatorOptions Silent = new()
    {
        EnforceLimits = false,
        EnforceWindow = false,
        Statuses = [],
    };

    [Theory]
    [InlineData("sent")]
    [InlineData("delivered")]
    [InlineData("read")]
    public async Task A_held_message_is_settled_as_sent_by_its_status(string status)
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres, Silent);
        nodes.WhatsApp.Faults.Next(FaultKind.DropReply);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync("uncertain");
        nodes.WhatsApp.Tell(message.Id, status);
        await nodes.SettledAsync($"{message.Id}:{status}");
        Assert.Equal(
            $"sent {message.Id} provider_says WhatsApp {status}",
            await nodes.First.ScalarAsync<string>(
                "SELECT state || ' ' || provider_message_id || ' ' || reason FROM reminders.outbox WHERE channel = 'whatsapp'"
            )
        );
        Assert.Single(nodes.WhatsApp.Record.Messages);
    }

    [Fact]
    public async Task A_status_that_comes_before_the_lost_reply_leaves_no_doubt()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        nodes.WhatsApp.Faults.Next(FaultKind.NeverAnswer);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        Assert.Equal(
            message.Id,
            await nodes.First.ScalarAsync<string>("SELECT provider_message_id FROM reminders.outbox WHERE channel = 'whatsapp'")
        );
        Assert.Equal(0, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'REMINDER_HELD'"));
        Assert.Single(nodes.WhatsApp.Record.Messages);
    }

    [Fact]
    public async Task A_message_that_failed_for_its_recipient_goes_once_over_the_next_channel()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres, Silent);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        nodes.WhatsApp.Tell(message.Id, "failed", 131026);
        await nodes.SettledAsync($"{message.Id}:failed");
        // Late and out of order; and the failure under another body, as if it had come anew.
        nodes.WhatsApp.Tell(message.Id, "sent");
        nodes.WhatsApp.Tell(message.Id, "failed", 131026);
        await nodes.SettledAsync($"{message.Id}:sent");
        await nodes.WhatsApp.Record.WaitForAsync(
            record => record.Posts.Count(post => post.Name.EndsWith(":failed", StringComparison.Ordinal)) == 4,
            WhatsAppNodes.Patience
        );
        Assert.Equal(["send 0 dead"], await nodes.MessagesAsync());
        Assert.Equal(
            "unreachable",
            await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'")
        );
        Assert.Equal(
            1,
            await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND channel = 'telegram'")
        );
        Assert.Equal(
            "failed later",
            await nodes.First.ScalarAsync<string>(
                "SELECT a.outcome FROM reminders.every_attempt a JOIN reminders.outbox m ON m.id = a.message_id WHERE m.channel = 'whatsapp'"
            )
        );
        Assert.Equal(0, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'REMINDER_SKIPPED'"));
    }

    [Fact]
    public async Task A_message_that_failed_for_a_passing_reason_is_sent_again_as_a_new_one_once()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres, new() { EnforceLimits = false, EnforceWindow = false });
        nodes.WhatsApp.FailLater(WhatsAppNodes.Anna, 130429);
        await nodes.ApproveAsync();
        await nodes.WhatsApp.Record.WaitForAsync(record => record.MessagesTo(WhatsAppNodes.Anna).Count == 2, WhatsAppNodes.Patience);
        await nodes.UntilAsync("SELECT count(*) FILTER (WHERE state = 'sent') = 1 FROM reminders.outbox WHERE channel = 'whatsapp'");
        Assert.Equal(["send 0 dead", "send 1 sent"], await nodes.MessagesAsync());
        Assert.Equal("reachable", await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
    }

    [Fact]
    public async Task A_failure_told_of_a_message_whose_button_was_pressed_or_that_was_read_changes_nothing()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres, Silent);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        nodes.WhatsApp.Tell(message.Id, "read");
        await nodes.SettledAsync($"{message.Id}:read");
        nodes.WhatsApp.Tell(message.Id, "failed", 131026);
        await nodes.SettledAsync($"{message.Id}:failed");
        Assert.Equal(["send 0 sent"], await nodes.MessagesAsync());
        Assert.Equal("reachable", await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
    }

    [Fact]
    public async Task A_status_that_names_another_programs_message_changes_nothing()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres, Silent);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        // The same reference, by chance, and another message.
        await nodes.First.ScalarAsync<long>(
            "UPDATE reminders.outbox SET provider_message_id = 'wamid.ANOTHER' WHERE channel = 'whatsapp' RETURNING id"
        );
        nodes.WhatsApp.Tell(message.Id, "failed", 131026);
        await nodes.SettledAsync($"{message.Id}:failed");
        Assert.Equal(["send 0 sent"], await nodes.MessagesAsync());
    }
}
