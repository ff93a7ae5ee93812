using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;

namespace Reminders.Integration.Tests.Support;

/// <summary>A second channel without a provider behind it: it keeps what it was given and says that it arrived.</summary>
internal sealed class Letters : ISender
{
    public const string Name = "letter";

    private readonly ConcurrentQueue<Delivery> _sent = new();

    public string Channel => Name;

    public IReadOnlyList<Delivery> Sent => [.. _sent];

    /// <summary>What a delivery runs into, as if the sender had a bug.</summary>
    public Exception? Bug { get; set; }

    public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (Bug is not null)
        {
            throw Bug;
        }

        _sent.Enqueue(delivery);
        return Task.FromResult<SendResult>(new SendResult.Sent($"letter-{_sent.Count}"));
    }

    /// <summary>Gives a node a dispatcher for this channel; all nodes of a test share the letters.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSender(Name, _ => this);
    }

    public static Task AddressAsync(Cluster cluster, long chat) =>
        cluster.ExecuteAsync(
            """
            INSERT INTO reminders.address (recipient_id, channel, address)
            SELECT recipient_id, $1, 'Main Street ' || address FROM reminders.address WHERE channel = 'telegram' AND address = $2
            """,
            Name,
            $"{chat}"
        );
}
