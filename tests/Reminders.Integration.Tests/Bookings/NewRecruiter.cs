using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>
/// A recruiter is in every booking of a busy hour. Bookings of one recruiter must not wait for one another's commit, or the last
/// of them is answered 503.
/// </summary>
public sealed class NewRecruiter(Postgres postgres)
{
    [Fact]
    public async Task Bookings_that_met_while_their_recruiter_was_new_do_not_write_the_recruiter_again()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        await using var first = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await first.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var write = first.CreateCommand();
        write.CommandText = """
            INSERT INTO reminders.recipient (owner, reference, name, locale, zone)
                VALUES ('', 'telegram:9001', 'Rita', 'en', 'Europe/Moscow')
            RETURNING ctid::text
            """;
        var written = (string)(await write.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        var bookings = Enumerable.Range(1, 10).Select(chat => cluster.ProposeAsync(TimeSpan.FromHours(1), chat)).ToArray();
        // All ten stand before the row that is being written.
        await cluster.UntilAsync(
            "SELECT count(*) >= 10 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'",
            TimeSpan.FromSeconds(60)
        );
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(bookings);

        Assert.Equal(
            written,
            await cluster.ScalarAsync<string>("SELECT ctid::text FROM reminders.recipient WHERE reference = 'telegram:9001'")
        );
        Assert.Equal(
            10,
            await cluster.ScalarAsync<long>(
                """
                SELECT count(*) FROM reminders.party p JOIN reminders.recipient r ON r.id = p.recipient_id
                WHERE p.role = 'recruiter' AND r.reference = 'telegram:9001'
                """
            )
        );
    }
}
