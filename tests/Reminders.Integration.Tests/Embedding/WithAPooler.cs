using Embedded;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Poolers;
using Reminders.Lab.Telegram;

namespace Reminders.Integration.Tests.Embedding;

/// <summary>The host app, all of it (its own data source, EF context and the engine), straight to the server and through a PgBouncer that
/// lends a session for a transaction.</summary>
public sealed class WithAPooler(Postgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TelegramSimulator _telegram = null!;
    private string _connectionString = "";
    private NpgsqlDataSource _database = null!;
    private LocalPgBouncer? _bouncer;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _telegram = await TelegramSimulator.StartAsync(new() { EnforceLimits = false, AutoCreateChats = true });
        _connectionString = await postgres.CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(_connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _telegram.DisposeAsync();
        if (_bouncer is not null)
        {
            await _bouncer.DisposeAsync();
        }

        await postgres.DropDatabaseAsync(_connectionString);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Approved_four_times_by_two_processes_it_is_one_message_and_pressed_three_times_one_answer(bool pooled)
    {
        _telegram.AddChat(1001);
        _telegram.AddChat(9001);
        await using var app = await StartAsync(pooled, HiringApp.Engine.Last);
        await using var other = await StartAsync(pooled, HiringApp.Engine.First);
        // Both ask for events before there is one.
        await UntilAsync("SELECT EXISTS (SELECT FROM reminders.app_listening WHERE type = 'message.sent')", "events are asked for");
        var slot = await app.ProposeAsync(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(3));
        await Task.WhenAll(new[] { app, other, app, other }.Select(one => one.ApproveAsync(slot)));
        await _telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience, Stop);
        var question = _telegram.Record.MessagesTo(1001)[0];
        Assert.Contains("Anna, your interview \"Engineer\"", question.Text, StringComparison.Ordinal);

        _telegram.PressButton(1001, question.MessageId, 0, times: 3);
        await _telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0, Patience, Stop);
        await _telegram.Record.WaitForAsync(record => record.Answers.Count == 3, Patience, Stop);
        await RemindersOf(app).ApplyAsync(new("slot", slot.ToString(), "approved", await StartOfAsync(slot)), Stop);

        Assert.Single(_telegram.Record.MessagesTo(1001));
        Assert.Equal("Anna confirmed \"Engineer\".", Assert.Single(_telegram.Record.MessagesTo(9001)).Text);
        // Its handlers heard of it once, whichever of the two it was in; what the app said again does not undo it.
        await UntilAsync(
            """SELECT "Status" = 'Confirmed' AND "Reminder" IS NOT DISTINCT FROM 'Sent' FROM hiring."Slots" """,
            "the slot is confirmed"
        );
        await UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.app_event)", "every event is told");
        Assert.Equal(1, await ScalarAsync<int>("""SELECT "Answers" FROM hiring."Slots" """));
        Assert.Equal(1, await ScalarAsync<int>("""SELECT "Events" FROM hiring."Slots" """));
        Assert.Equal("confirmed", await ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", slot.ToString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_rolled_back_was_never_planned_and_what_is_committed_was(bool pooled)
    {
        await using var app = await StartAsync(pooled, HiringApp.Engine.Last);
        await using var scope = app.App.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HiringDb>();
        var slot = Together.NewSlot();
        await using (var transaction = await db.Database.BeginTransactionAsync(Stop))
        {
            db.Add(slot);
            await db.SaveChangesAsync(Stop);
            Assert.Equal(1, (await RemindersOf(app).Within(transaction).ApplyAsync(Slots.SubjectOf(slot), Stop)).Planned);
            await transaction.RollbackAsync(Stop);
        }

        Assert.Equal(0L, await ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence"));
        Assert.Equal(0L, await ScalarAsync<long>("SELECT count(*) FROM reminders.recipient"));
        db.ChangeTracker.Clear();
        await using (var transaction = await db.Database.BeginTransactionAsync(Stop))
        {
            db.Add(slot);
            await db.SaveChangesAsync(Stop);
            await RemindersOf(app).Within(transaction).ApplyAsync(Slots.SubjectOf(slot), Stop);
            Assert.Equal(0L, await ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence"));
            await transaction.CommitAsync(Stop);
        }

        Assert.Equal(1L, await ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence"));
        Assert.Equal(1L, await ScalarAsync<long>("""SELECT count(*) FROM hiring."Slots" """));
        // The trigger follows the commit, by whichever node hears of it.
        await UntilAsync("SELECT EXISTS (SELECT FROM quartz.qrtz_triggers)", "there is a trigger");
    }

    /// <summary>Two processes, forty events of twenty slots, and a handler that both have.</summary>
    [Fact]
    public async Task Each_event_is_handled_once_whichever_of_two_processes_takes_it()
    {
        await using var app = await StartAsync(pooled: false, HiringApp.Engine.Last);
        await using var other = await StartAsync(pooled: false, HiringApp.Engine.First);
        await UntilAsync("SELECT EXISTS (SELECT FROM reminders.app_listening WHERE type = 'message.sent')", "events are asked for");
        var slots = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async number =>
                {
                    var slot = await app.ProposeAsync(TimeSpan.FromMinutes(100), candidate: 2000 + number);
                    await (number % 2 == 0 ? app : other).ApproveAsync(slot);
                    return slot;
                })
        );
        await UntilAsync("""SELECT count(*) = 20 FROM hiring."Slots" WHERE "Reminder" = 'Sent' """, "all is told");
        await UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.app_event)", "every event is told");
        Assert.Equal(20, slots.Distinct().Count());
        Assert.Equal(20L, await ScalarAsync<long>("""SELECT sum("Events") FROM hiring."Slots" """));
    }

    private async Task<HostApp> StartAsync(bool pooled, HiringApp.Engine engine)
    {
        if (!pooled)
        {
            return await HostApp.StartAsync(_connectionString, _telegram, engine);
        }

        _bouncer ??= await LocalPgBouncer.StartAsync([_connectionString], "transaction", poolSize: 40, ct: Stop);
        return await HostApp.StartAsync(
            _bouncer.Through(_connectionString),
            _telegram,
            engine,
            builder =>
                builder.Configuration.AddInMemoryCollection([
                    new("Reminders:Pooling", "Transaction"),
                    new("Reminders:DirectConnectionString", _connectionString + ";Maximum Pool Size=20"),
                ])
        );
    }

    private static IReminders RemindersOf(HostApp app) => app.App.Services.GetRequiredService<IReminders>();

    private async Task<DateTimeOffset> StartOfAsync(Guid slot) =>
        new(await ScalarAsync<DateTime>("SELECT happens_at FROM reminders.subject WHERE key = $1", slot.ToString()));

    private Task UntilAsync(string sql, string what) => Eventually.TrueAsync(() => ScalarAsync<bool>(sql), Patience, what);

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
