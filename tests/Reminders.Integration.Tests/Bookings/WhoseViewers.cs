using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>Every command says whose booking it changed, so that nobody else's open page asks for itself again.</summary>
[Trait("Suite", "Quick")]
public sealed class WhoseViewers(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_proposed_approved_and_called_off_names_its_recruiter()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await using var listening = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var heard = new ConcurrentQueue<string>();
        listening.Notification += (_, one) => heard.Enqueue(one.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Signals.ConsoleChannel}", listening))
        {
            await listen.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        var recruiter = await cluster.ScalarAsync<long>("SELECT recipient_id FROM reminders.party WHERE role = 'recruiter'");
        await NamedAsync(listening, heard, recruiter);
        // Straight from the proposal, which is told after the commit.
        await cluster.ApproveAsync(booking);
        await NamedAsync(listening, heard, recruiter);
        // With a fence, in the transaction.
        Assert.IsType<Outcome<BookingView>.Done>(await cluster.SendAsync(new CancelBooking(booking)));
        await NamedAsync(listening, heard, recruiter);
    }

    private static async Task NamedAsync(NpgsqlConnection listening, ConcurrentQueue<string> heard, long recruiter)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (heard.IsEmpty)
        {
            await listening.WaitAsync(patience.Token);
        }

        Assert.All(heard, payload => Assert.Equal(recruiter.ToString(CultureInfo.InvariantCulture), payload));
        heard.Clear();
    }
}
