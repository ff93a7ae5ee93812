using Reminders.Channels;

namespace Reminders.Tests.Channels;

/// <summary>What happens to a message that the sender hands to its provider.</summary>
public enum Provider
{
    /// <summary>Takes each message and says so.</summary>
    Accepts,

    /// <summary>Nobody listens at its address.</summary>
    RefusesConnections,

    /// <summary>Takes the whole message, then closes the connection without a word.</summary>
    CutsAfterTheMessage,

    /// <summary>Takes the whole message, then resets the connection.</summary>
    ResetsAfterTheMessage,

    /// <summary>Takes the whole message and never answers.</summary>
    StaysSilent,

    /// <summary>Takes the whole message and answers in no form of its protocol.</summary>
    AnswersNonsense,
}

/// <summary>A sender, and the provider at the other end of a real connection.</summary>
/// <param name="Arrivals">How many whole messages the provider took so far.</param>
/// <param name="Arrived">Completes when the first whole message is there.</param>
public sealed record Scene(ISender Sender, Func<int> Arrivals, Task Arrived, Func<ValueTask> Close) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Close();
}

/// <summary>
/// What every sender promises, whatever its protocol: it tries once, and only calls a message undelivered when it cannot have
/// been taken. A channel subclasses this and says how to set each scene.
/// </summary>
public abstract class SenderContract
{
    protected static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    /// <summary>Long enough to hand a message over, and no longer.</summary>
    protected virtual TimeSpan Impatient => TimeSpan.FromMilliseconds(300);

    protected static CancellationToken Running => TestContext.Current.CancellationToken;

    protected abstract Delivery Message { get; }

    protected abstract Task<Scene> SetAsync(Provider provider, TimeSpan sendTimeout);

    [Fact]
    public async Task A_message_the_provider_takes_is_sent_with_its_id()
    {
        await using var scene = await SetAsync(Provider.Accepts, Patient);
        var result = await scene.Sender.SendAsync(Message, Running);
        Assert.NotEmpty(Assert.IsType<SendResult.Sent>(result).ProviderMessageId ?? "");
        Assert.Equal(1, scene.Arrivals());
    }

    [Fact]
    public async Task A_refused_connection_is_not_delivered()
    {
        await using var scene = await SetAsync(Provider.RefusesConnections, Patient);
        Assert.IsType<SendResult.NotDelivered>(await scene.Sender.SendAsync(Message, Running));
    }

    [Theory]
    [InlineData(Provider.CutsAfterTheMessage)]
    [InlineData(Provider.ResetsAfterTheMessage)]
    [InlineData(Provider.AnswersNonsense)]
    public async Task A_message_taken_without_a_readable_answer_is_uncertain_and_arrives_once(Provider provider)
    {
        await using var scene = await SetAsync(provider, Patient);
        Assert.IsType<SendResult.Uncertain>(await scene.Sender.SendAsync(Message, Running));
        Assert.Equal(1, scene.Arrivals());
    }

    [Fact]
    public async Task A_message_without_an_answer_in_time_is_uncertain_and_arrives_once()
    {
        await using var scene = await SetAsync(Provider.StaysSilent, Impatient);
        Assert.IsType<SendResult.Uncertain>(await scene.Sender.SendAsync(Message, Running));
        Assert.Equal(1, scene.Arrivals());
    }

    [Fact]
    public async Task A_stop_of_the_node_after_the_bytes_left_is_uncertain()
    {
        await using var scene = await SetAsync(Provider.StaysSilent, Patient);
        using var node = CancellationTokenSource.CreateLinkedTokenSource(Running);
        var sending = scene.Sender.SendAsync(Message, node.Token);
        await scene.Arrived.WaitAsync(Patient, Running);
        await node.CancelAsync();
        Assert.IsType<SendResult.Uncertain>(await sending);
    }

    [Fact]
    public async Task A_stop_of_the_node_before_the_first_byte_is_not_delivered()
    {
        await using var scene = await SetAsync(Provider.Accepts, Patient);
        using var node = new CancellationTokenSource();
        await node.CancelAsync();
        Assert.IsType<SendResult.NotDelivered>(await scene.Sender.SendAsync(Message, node.Token));
        Assert.Equal(0, scene.Arrivals());
    }
}
