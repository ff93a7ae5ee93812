using System.Transactions;
using Embedded;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Apps;
using Reminders.Lab.Telegram;

namespace Reminders.Integration.Tests.Embedding;

/// <summary>The app's own change and what is told of it: both or neither (rule 17).</summary>
public sealed class Together(Postgres postgres) : IAsyncLifetime
{
    private TelegramSimulator _telegram = null!;
    private string _connectionString = "";
    private HostApp _app = null!;
    private NpgsqlDataSource _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IReminders Reminders => _app.App.Services.GetRequiredService<IReminders>();

    public async ValueTask InitializeAsync()
    {
        _telegram = await TelegramSimulator.StartAsync(new() { EnforceLimits = false, AutoCreateChats = true });
        _connectionString = await postgres.CreateDatabaseAsync();
        _app = await HostApp.StartAsync(_connectionString, _telegram, HiringApp.Engine.Last);
        _database = NpgsqlDataSource.Create(_connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        await _telegram.DisposeAsync();
        await postgres.DropDatabaseAsync(_connectionString);
    }

    [Fact]
    public async Task Said_twice_in_one_transaction_the_second_time_is_counted_as_a_duplicate()
    {
        var slot = Slots.SubjectOf(NewSlot());
        await using (var connection = await _database.OpenConnectionAsync(Stop))
        {
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            Assert.Equal(1, (await Reminders.Within(transaction).ApplyAsync(slot, Stop)).Planned);
            Assert.Equal(0, (await Reminders.Within(transaction).ApplyAsync(slot, Stop)).Planned);
            await transaction.CommitAsync(Stop);
        }

        Assert.Equal(1L, await ScalarAsync<long>("SELECT sum(count) FROM reminders.suppression"));
    }

    [Fact]
    public async Task A_refusal_names_the_field_and_leaves_the_apps_transaction_as_it_was()
    {
        await using var connection = await _database.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using (var own = new NpgsqlCommand("CREATE TABLE public.own (id int); INSERT INTO public.own VALUES (1)", connection))
        {
            await own.ExecuteNonQueryAsync(Stop);
        }

        var within = Reminders.Within(transaction);
        var refused = await Assert.ThrowsAsync<RemindersRefusedException>(() =>
            within.ApplyAsync(new("slot", "s-1", "approved", Parties: [new("candidate", new("anna", "Anna", Zone: "Mars/Olympus"))]), Stop)
        );
        Assert.Contains("Mars/Olympus", refused.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<RemindersRefusedException>(() =>
            within.ApplyAsync(
                new("slot", "s-1", "approved", Parties: [new("recruiter", new("rita", "Rita")), new("candidate", new("anna", null))]),
                Stop
            )
        );
        Assert.Equal("parties[1].person.reference", Assert.Single(unknown.Errors).Key);
        Assert.Contains("'anna'", unknown.Message, StringComparison.Ordinal);
        await within.ApplyAsync(new("slot", "s-1", "approved", Parties: [new("candidate", new("anna", "Anna"))]), Stop);
        await transaction.CommitAsync(Stop);

        Assert.Equal(1L, await ScalarAsync<long>("SELECT count(*) FROM public.own"));
        // Who stood in what was refused was not kept.
        Assert.Equal("anna", await ScalarAsync<string>("SELECT string_agg(reference, ',') FROM reminders.recipient"));
    }

    [Fact]
    public async Task In_a_TransactionScope_it_is_said_on_which_connection()
    {
        var subject = new Subject("slot", "s-1", "approved", Parties: [new("candidate", new("anna", "Anna"))]);
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var forgotten = await Assert.ThrowsAsync<InvalidOperationException>(() => Reminders.ApplyAsync(subject, Stop));
            Assert.Contains("Within(connection)", forgotten.Message, StringComparison.Ordinal);
            await using var connection = await _database.OpenConnectionAsync(Stop);
            await Reminders.Within(connection).ApplyAsync(subject, Stop);
            Assert.Null(await Reminders.ExplainAsync("slot", "s-1", Stop));
        }

        Assert.Null(await Reminders.ExplainAsync("slot", "s-1", Stop));
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await using var connection = await _database.OpenConnectionAsync(Stop);
            await Reminders.Within(connection).ApplyAsync(subject, Stop);
            scope.Complete();
        }

        Assert.NotNull(await Reminders.ExplainAsync("slot", "s-1", Stop));
    }

    [Fact]
    public async Task In_another_database_it_says_so()
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(_connectionString) { Database = "postgres" }.ConnectionString;
        await using var connection = new NpgsqlConnection(elsewhere);
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Reminders.Within(transaction).ApplyAsync(new("slot", "s-1", "approved"), Stop)
        );
        Assert.Contains("'postgres'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A subject may be moved, given to others, called off and put on again by as many as like, all at once.</summary>
    [Fact]
    public async Task Said_by_many_at_once_the_version_counts_what_people_must_be_told()
    {
        var start = TimeProvider.System.GetUtcNow().AddDays(2);
        Subject Said(string status, int hours, string candidate) =>
            new(
                "slot",
                "s-1",
                status,
                start.AddHours(hours),
                [new("candidate", new(candidate, candidate))],
                new { title = "x", candidate }
            );

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Reminders.ApplyAsync(Said("approved", 0, "anna"), Stop)));
        Assert.Equal((1L, "approved"), await StandsAsync());
        var applied = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Reminders.ApplyAsync(Said("approved", 1, "anna"), Stop)));
        Assert.Single(applied, one => one.Changed);
        Assert.Equal((2L, "approved"), await StandsAsync());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Reminders.ApplyAsync(Said("approved", 1, "boris"), Stop)));
        Assert.Equal((3L, "approved"), await StandsAsync());
        await Reminders.ApplyAsync(Said("cancelled", 1, "boris"), Stop);
        Assert.Equal((3L, "cancelled"), await StandsAsync());
        Assert.Equal(0L, await ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE state = 'planned'"));
        await Reminders.ApplyAsync(Said("approved", 1, "boris"), Stop);
        Assert.Equal((4L, "approved"), await StandsAsync());
        Assert.Equal(
            "boris",
            await ScalarAsync<string>(
                """
                SELECT string_agg(r.reference, ',') FROM reminders.occurrence o JOIN reminders.recipient r ON r.id = o.recipient_id
                WHERE o.state = 'planned'
                """
            )
        );
    }

    private async Task<(long Version, string Status)> StandsAsync() =>
        (
            await ScalarAsync<long>("SELECT version FROM reminders.subject WHERE key = 's-1'"),
            await ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = 's-1'")
        );

    internal static Slot NewSlot() =>
        new()
        {
            Title = "Engineer",
            StartsAt = TimeProvider.System.GetUtcNow().AddDays(1),
            Status = SlotStatus.Approved,
            Candidate = "Anna",
            CandidateChat = "1001",
            Recruiter = "Rita",
            RecruiterChat = "9001",
        };

    private async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync(Stop))!;
    }
}
