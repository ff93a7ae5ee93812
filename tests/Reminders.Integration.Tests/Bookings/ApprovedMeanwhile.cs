using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>What is merely proposed is approved by one statement, which looked at it before it had to wait for its row.</summary>
[Trait("Suite", "Quick")]
public sealed class ApprovedMeanwhile(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // As erasing a person and naming another candidate do it: the booking is written, its revision is not.
    private const string OtherText = "UPDATE reminders.subject SET data = data || '{\"title\": \"erased\"}'";

    [Fact]
    public async Task While_its_candidate_is_erased_nobody_is_planned_for()
    {
        await using var cluster = await StillAsync();
        var (booking, outcome) = await ApproveDuringAsync(
            cluster,
            $"UPDATE reminders.recipient SET erased_at = now() WHERE name = 'Anna'; {OtherText}"
        );
        Assert.True(outcome.Changed);
        Assert.Equal("erased", outcome.Value.Title);
        Assert.Equal("", await PlannedForAsync(cluster, booking, "CONFIRM_2H"));
    }

    [Fact]
    public async Task While_another_candidate_is_named_it_is_they_who_are_told()
    {
        await using var cluster = await StillAsync();
        await cluster.ProposeAsync(TimeSpan.FromHours(1), candidateChat: 2002);
        await cluster.ExecuteAsync(
            "UPDATE reminders.recipient r SET name = 'Boris' FROM reminders.address a WHERE a.recipient_id = r.id AND a.address = '2002'"
        );
        var (booking, outcome) = await ApproveDuringAsync(
            cluster,
            $"""
            UPDATE reminders.party SET recipient_id = (SELECT id FROM reminders.recipient WHERE name = 'Boris') WHERE role = 'candidate';
            {OtherText}
            """
        );
        Assert.Equal("Boris", outcome.Value.Candidate.Name);
        Assert.Equal("Boris", await PlannedForAsync(cluster, booking, "CONFIRM_2H"));
    }

    [Fact]
    public async Task While_it_is_called_off_it_is_on_again_as_a_new_version()
    {
        await using var cluster = await StillAsync();
        var (_, outcome) = await ApproveDuringAsync(cluster, "UPDATE reminders.subject SET status = 'cancelled', revision = revision + 1");
        Assert.Equal(("approved", 2L), (outcome.Value.Status, outcome.Value.ScheduleVersion));
    }

    [Fact]
    public async Task What_it_says_is_what_reading_it_says_and_the_audit_has_one_line()
    {
        await using var cluster = await StillAsync();
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        var done = Assert.IsType<Outcome<BookingView>.Done>(await cluster.ApproveAsync(booking));
        await using var scope = cluster.Nodes[0].Services.CreateAsyncScope();
        var read = await scope
            .ServiceProvider.GetRequiredService<BookingReader>()
            .FindAsync(booking, TestContext.Current.CancellationToken);
        Assert.Equal(read, done.Value);
        await cluster.ApproveAsync(booking);
        Assert.Equal(
            """engine booking.approve {"status": "proposed"} {"status": "approved"}""",
            await cluster.ScalarAsync<string>(
                "SELECT string_agg(concat_ws(' ', actor, action, before, after), ';') FROM reminders.audit WHERE about = $1",
                $"booking {booking}"
            )
        );
    }

    [Fact]
    public async Task One_that_has_begun_is_refused()
    {
        await using var cluster = await StillAsync();
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = now() - interval '1 minute'");
        Assert.IsType<Outcome<BookingView>.Conflict>(await cluster.ApproveAsync(booking));
        Assert.Equal("proposed", await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject"));
    }

    /// <summary>A word at each of many approvals would have the dispatchers ask the database as often.</summary>
    [Fact]
    public async Task Dispatchers_hear_of_what_is_due_soon_and_not_of_what_is_due_later()
    {
        await using var cluster = await StillAsync();
        var woken = cluster.Nodes[0].Services.GetRequiredService<Signals>().Outbox["approved"] = new Signal();
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromHours(1)));
        var waits = woken.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(waits.IsCompleted);
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromSeconds(2)));
        await waits.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Open_pages_hear_of_many_approvals_in_a_few_words_and_of_those_right_after_a_word_too()
    {
        await using var cluster = await StillAsync();
        var bookings = new List<Guid>();
        for (var i = 0; i < 60; i++)
        {
            bookings.Add(await cluster.ProposeAsync(TimeSpan.FromHours(1), 1001 + i));
        }

        await using var page = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await RunAsync(page, "LISTEN reminders_console");
        var words = 0;
        page.Notification += (_, _) => words++;
        await cluster.ApproveAsync(bookings[0]);
        await cluster.ApproveAsync(bookings[1]);
        await HeardAsync(2);
        await Task.WhenAll(bookings.Skip(2).Select(booking => cluster.ApproveAsync(booking)));
        await HeardAsync(3);
        Assert.InRange(words, 3, 30);

        Task HeardAsync(int atLeast) =>
            Eventually.TrueAsync(
                async () =>
                {
                    await RunAsync(page, "SELECT 1");
                    return words >= atLeast;
                },
                Patience,
                $"{atLeast} words to open pages"
            );
    }

    private async Task<Cluster> StillAsync()
    {
        var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        return cluster;
    }

    /// <summary>Approves a booking whose row is held by a transaction that changes something, until it waits there.</summary>
    private static async Task<(Guid Booking, Outcome<BookingView>.Done Outcome)> ApproveDuringAsync(Cluster cluster, string change)
    {
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        await using var other = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RunAsync(other, $"SELECT FROM reminders.subject FOR NO KEY UPDATE; {change}");
        var approving = cluster.ApproveAsync(booking);
        await cluster.UntilAsync(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())",
            Patience
        );
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        return (booking, Assert.IsType<Outcome<BookingView>.Done>(await approving));
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static Task<string> PlannedForAsync(Cluster cluster, Guid booking, string kind) =>
        cluster.ScalarAsync<string>(
            """
            SELECT coalesce(string_agg(r.name, ','), '') FROM reminders.occurrence o
            JOIN reminders.recipient r ON r.id = o.recipient_id JOIN reminders.subject s ON s.id = o.subject_id
            WHERE s.key = $1 AND o.kind = $2
            """,
            booking.ToString(),
            kind
        );
}
