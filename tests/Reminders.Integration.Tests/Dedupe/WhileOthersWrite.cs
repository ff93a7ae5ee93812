using Npgsql;
using Reminders.Cli.Dedupe;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Dedupe;

/// <summary>The processes that made the duplicates do not stop for the cleaning.</summary>
public sealed class WhileOthersWrite(Postgres postgres)
{
    private const long Rush = 1000;
    private const int Keys = 500;

    /// <param name="unguarded">0: behind the trigger from the start. 3: as delivered, with the trigger when it is needed.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task It_converges_while_duplicates_keep_coming_and_from_then_on_they_are_rejected(int unguarded)
    {
        await using var old = await OldDatabase.WithMessagesAsync(postgres, Keys);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var writers = Enumerable.Range(0, 3).Select(seed => WriteAsync(old, seed, stop.Token)).ToArray();

        var outcome = await old.ApplyAsync(new("message", ["wamid"], Batch: 100) { AttemptsUnguarded = unguarded });
        var done = Assert.IsType<DedupeOutcome.Done>(outcome);
        // The writers go on until each has seen a rejection by the index itself.
        var written = await Task.WhenAll(writers);
        await stop.CancelAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"{done}; {written.Sum(writer => writer.Inserted)} came meanwhile");
        Assert.All(written, writer => Assert.True(writer.Rejected));
        Assert.True(done.Moved > written.Length);
        Assert.Equal(
            1,
            await old.ReadAsync<long>(
                "SELECT count(*) FROM pg_index WHERE indrelid = 'message'::regclass AND indisunique AND indisvalid AND NOT indisprimary"
            )
        );
        Assert.Equal(0, await old.ReadAsync<long>("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'message'::regclass"));
        Assert.Equal(
            0,
            await old.ReadAsync<long>("SELECT count(*) FROM pg_class WHERE relname ~ 'dedupe|_ccnew' AND relpersistence <> 't'")
        );
        Assert.Equal(Keys, await old.ReadAsync<long>("SELECT count(*) FROM message"));
        // Kept and archived together are all that was ever inserted.
        var inserted = Enumerable.Range(1, Keys).Sum(n => 1 + (n % 3)) + written.Sum(writer => writer.Inserted);
        Assert.Equal(
            inserted,
            await old.ReadAsync<long>(
                "SELECT count(DISTINCT id) FROM (SELECT id FROM message UNION ALL SELECT id FROM message_duplicates) every"
            )
        );
        Assert.Equal(done.Moved, await old.ReadAsync<long>("SELECT count(*) FROM message_duplicates"));
    }

    [Fact]
    public async Task A_row_that_is_deleted_or_changed_while_it_waits_for_its_lock_is_looked_at_again()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE message (id int PRIMARY KEY, wamid text, body text);
            CREATE INDEX message_wamid ON message (wamid);
            INSERT INTO message VALUES (1, 'a', ''), (2, 'a', ''), (3, 'b', ''), (4, 'b', '');
            """
        );
        await using var other = await old.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (
            var command = new NpgsqlCommand("DELETE FROM message WHERE id = 1; UPDATE message SET body = 'changed' WHERE id = 4", other)
        )
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var run = old.ApplyAsync(new("message", ["wamid"]));
        await Eventually.TrueAsync(
            () =>
                old.ReadAsync<bool>(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'reminders dedupe' AND datname = "
                        + "current_database() AND wait_event = 'transactionid')"
                ),
            TimeSpan.FromSeconds(30),
            "it waits for the row's lock"
        );
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, Assert.IsType<DedupeOutcome.Done>(await run).Moved);
        Assert.Equal("2,3", await old.ReadAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM message"));
        Assert.Equal("4 changed", await old.ReadAsync<string>("SELECT string_agg(id || ' ' || body, ',') FROM message_duplicates"));
    }

    private static async Task<(long Inserted, bool Rejected)> WriteAsync(OldDatabase old, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        var inserted = 0L;
        while (true)
        {
            if (inserted > Rush)
            {
                // As fast as they can be for a while. For ever would be faster than any machine clears up that is busy besides.
                await Task.Delay(TimeSpan.FromMilliseconds(10), stop);
            }

            try
            {
                await old.ExecuteAsync("INSERT INTO message (wamid, body) VALUES ($1, 'again')", $"w{random.Next(1, Keys + 1)}");
                inserted++;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                Assert.Equal("message_wamid_unique", exception.ConstraintName);
                // The trigger raises it too, from a line of its own; the index from none.
                if (string.IsNullOrEmpty(exception.Where))
                {
                    if (
                        await old.ReadAsync<bool>(
                            "SELECT coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = "
                                + "to_regclass('message_wamid_unique')), false)"
                        )
                    )
                    {
                        return (inserted, true);
                    }
                }
            }
            stop.ThrowIfCancellationRequested();
        }
    }
}
