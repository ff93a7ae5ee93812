using Reminders.Channels;
using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

/// <summary>Parts of one message: once one has arrived, whatever goes wrong is a doubt, and never a second first part.</summary>
public sealed class PartedSendTests
{
    [Fact]
    public async Task Parts_go_in_order_and_the_buttons_stand_under_the_last()
    {
        var sender = new Scripted();
        Assert.Equal(new SendResult.Sent("3"), await SendAsync(sender));
        Assert.Equal(["one/0", "two/0", "three/1"], sender.Seen);
    }

    [Fact]
    public async Task A_first_part_that_did_not_arrive_is_told_as_it_is()
    {
        var sender = new Scripted(new SendResult.NotDelivered("refused"));
        Assert.Equal(new SendResult.NotDelivered("refused"), await SendAsync(sender));
        Assert.Equal(["one/0"], sender.Seen);
    }

    [Fact]
    public async Task A_later_part_that_did_not_arrive_leaves_the_whole_in_doubt()
    {
        var sender = new Scripted(new SendResult.Sent("1"), new SendResult.NotDelivered("refused"));
        Assert.Contains("part 2 of 3", Assert.IsType<SendResult.Uncertain>(await SendAsync(sender)).Detail, StringComparison.Ordinal);
        Assert.Equal(2, sender.Seen.Count);
    }

    [Fact]
    public async Task A_short_429_between_parts_is_waited_for()
    {
        var sender = new Scripted(
            new SendResult.Sent("1"),
            new SendResult.Throttled(TimeSpan.FromMilliseconds(1), ThrottleScope.Recipient, "429")
        );
        Assert.IsType<SendResult.Sent>(await SendAsync(sender));
        Assert.Equal(["one/0", "two/0", "two/0", "three/1"], sender.Seen);
    }

    [Fact]
    public async Task Nothing_more_leaves_when_the_lease_ran_out()
    {
        var sender = new Scripted();
        Assert.Contains(
            "lease ran out",
            Assert.IsType<SendResult.Uncertain>(await SendAsync(sender, () => false)).Detail,
            StringComparison.Ordinal
        );
        Assert.Equal(["one/0"], sender.Seen);
    }

    private static Task<SendResult> SendAsync(Scripted sender, Func<bool>? mayGoOn = null) =>
        PartedSend.SendAsync(
            sender,
            new("1", DeliveryOperation.Send, "1001", "three", [new("Yes", "y")]) { Preceding = ["one", "two"] },
            TimeSpan.Zero,
            mayGoOn ?? (() => true),
            TimeProvider.System
        );

    private sealed class Scripted(params SendResult[] results) : ISender
    {
        public List<string> Seen { get; } = [];
        public string Channel => "telegram";

        public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
        {
            Seen.Add($"{delivery.Text}/{delivery.Buttons.Count}");
            return Task.FromResult(Seen.Count <= results.Length ? results[Seen.Count - 1] : new SendResult.Sent($"{Seen.Count}"));
        }
    }
}
