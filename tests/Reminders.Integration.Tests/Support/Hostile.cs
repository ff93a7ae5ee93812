using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;

namespace Reminders.Integration.Tests.Support;

/// <summary>A guest's sender that says of each delivery what a test has it say, by its address.</summary>
internal sealed class Hostile(Func<Delivery, SendResult> answer) : ISender
{
    public const string Name = "hostile";

    private readonly ConcurrentQueue<Delivery> _given = new();

    public string Channel => Name;

    public IReadOnlyList<Delivery> Given => [.. _given];

    public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        _given.Enqueue(delivery);
        return Task.FromResult(answer(delivery));
    }

    public void AddTo(IServiceCollection services)
    {
        services.AddSender(Name, _ => this);
    }

    public static Task AddressAsync(Cluster cluster, long chat) =>
        cluster.ExecuteAsync(
            """
            INSERT INTO reminders.address (recipient_id, channel, address)
            SELECT recipient_id, $1, address FROM reminders.address WHERE channel = 'telegram' AND address = $2
            """,
            Name,
            $"{chat}"
        );
}
