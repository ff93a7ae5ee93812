using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>Scenario 1: different kinds for one booking are separate, and a kind is configuration.</summary>
public sealed class KindsApart(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_confirmation_and_the_word_that_nobody_answered_are_told_once_each_to_their_own_person()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: ("Kinds:NO_ANSWER_1H:Wait", "00:00:03"));
        // Less than an hour ahead: both are due, and the second waits for the first.
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-65));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.ApproveAsync(booking, i % 2)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount >= 2, Patience);
        await cluster.UntilAsync("SELECT count(*) = 2 AND bool_and(state = 'sent') FROM reminders.outbox", Patience);
        Assert.Contains("Will you be there?", Assert.Single(cluster.Telegram.Record.MessagesTo(1001)).Text, StringComparison.Ordinal);
        Assert.Contains("has not answered", Assert.Single(cluster.Telegram.Record.MessagesTo(9001)).Text, StringComparison.Ordinal);
        var waited = cluster.Telegram.Record.MessagesTo(9001)[0].ArrivedAt - cluster.Telegram.Record.MessagesTo(1001)[0].ArrivedAt;
        Assert.True(waited > TimeSpan.FromSeconds(2), $"the word that nobody answered came {waited} after the question");
        await Duplicates.NoneIn(cluster);
    }

    [Fact]
    public async Task An_answer_cancels_the_word_that_nobody_answered()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.DeliverAsync(new Reminders.Channels.SendResult.Sent("77"));
        await hand.PressAsync(message, "confirm");
        Assert.Equal(["1 cancelled subject_is: confirmed"], await hand.LedgerAsync(booking, "NO_ANSWER_1H"));
    }

    [Fact]
    public async Task A_kind_is_added_by_settings_alone_and_leaves_the_others_as_they_are()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            overrides:
            [
                ("Kinds:CONFIRM_24H:Subject", "booking"),
                ("Kinds:CONFIRM_24H:On", "approved"),
                ("Kinds:CONFIRM_24H:To", "candidate"),
                ("Kinds:CONFIRM_24H:Before", "1.00:00:00"),
                ("Kinds:CONFIRM_24H:Templates:en:text", "Tomorrow: {title}, {candidate}."),
            ]
        );
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => cluster.ApproveAsync(booking, i % 2)));
        await cluster.UntilAsync("SELECT count(*) = 2 AND bool_and(state = 'sent') FROM reminders.outbox", Patience);
        var texts = cluster.Telegram.Record.MessagesTo(1001).Select(message => message.Text).ToArray();
        Assert.Equal(2, texts.Length);
        Assert.Contains("Tomorrow: Backend engineer, Anna.", texts);
    }
}
