using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Lab;
using Reminders.Lab.Demo;
using Reminders.Lab.Nodes;
using Reminders.Lab.Simulation;
using Reminders.Lab.Telegram;
using Reminders.Storage;
using Reminders.Testing.Postgres;
using Reminders.Web.Keys;

namespace Reminders.Cluster.Tests.Clocks;

/// <summary>
/// One of two node processes has a wrong clock, from its first instruction on and in all that it runs: .NET, Quartz and
/// Npgsql take it for true. The database and the simulator, which judges, have the machine's.
/// </summary>
public sealed class SkewedProcess(ITestOutputHelper output) : IAsyncLifetime
{
    private const long Recruiter = 9001;
    private const int InFlight = 4;
    private static readonly TimeSpan ClaimLease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SendLease = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentDictionary<long, BookingView> _bookings = [];
    private LocalPostgres _postgres = null!;
    private TelegramSimulator _telegram = null!;
    private NpgsqlDataSource _database = null!;
    private Dictionary<string, string> _environment = null!;
    private string _key = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task With_the_clock_of_one_of_two_processes_far_off_nothing_is_sent_twice_lost_or_early(int seconds)
    {
        await using var right = await NodeProcess.StartAsync(
            "right",
            _environment,
            Cancellation,
            output: line => _log.Enqueue($"right: {line}")
        );
        using var app = new DemoApi([right], await KeyAsync());
        // They fall due before the other node is there, while it starts, and after it has noticed.
        foreach (var chat in Enumerable.Range(1, 30))
        {
            await ApproveAsync(app, chat, TimeSpan.FromSeconds(1 + chat * 0.7));
        }

        await using var skewed = await NodeProcess.StartAsync(
            "skewed",
            _environment.Off(seconds),
            Cancellation,
            output: line => _log.Enqueue($"skewed: {line}")
        );
        var noticed = await NoticedAsync(skewed);
        // From now on presses come in over the skewed node, as if it had been the first to ask for the lease.
        await ExecuteAsync("UPDATE reminders.lease SET holder = $1 WHERE name = 'telegram-poller'", skewed.NodeName);
        await SaidAsync("now asks Telegram for updates");
        using var misled = new DemoApi([skewed], _key);
        foreach (var chat in Enumerable.Range(31, 20))
        {
            await ApproveAsync(misled, chat, TimeSpan.FromSeconds((chat - 30) * 0.5));
        }
        // The same slots once more, on the other node.
        foreach (var chat in (long[])[1, 15, 30])
        {
            await misled.ApproveAsync(_bookings[chat].Id, Cancellation);
        }

        foreach (var chat in (long[])[31, 50])
        {
            await app.ApproveAsync(_bookings[chat].Id, Cancellation);
        }

        await UntilAsync("SELECT count(*) = 50 FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent'", "everything is sent");
        foreach (var (chat, booking) in _bookings)
        {
            var due = booking.StartsAt - TimeSpan.FromHours(2);
            var message = Assert.Single(_telegram.Record.MessagesTo(chat));
            Assert.True(message.ArrivedAt >= due, $"chat {chat} was reminded {due - message.ArrivedAt} early");
        }
        Assert.Equal(50, await ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE kind = 'CONFIRM_2H'"));
        // Sending looks at the time once more; nothing is even put before it early.
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE fired_at < due_at"));

        // It was really off. From then on its reconciler fires beside the other's Quartz, each by the database's clock.
        Assert.InRange(await SkewAsync(skewed), seconds - 1, seconds + 1);
        Assert.InRange(await SkewAsync(right), -1, 1);
        var (before, after) = (
            await FiredAsync(right, DateTimeOffset.MinValue, noticed),
            await FiredAsync(right, noticed + Slack, DateTimeOffset.MaxValue)
                + await FiredAsync(skewed, noticed + Slack, DateTimeOffset.MaxValue)
        );
        Assert.True(before > 0 && after > 0, $"{before} fell due before the skewed node noticed, {after} after");
        var own = await FiredAsync(skewed, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var sent = await ScalarAsync<long>(
            "SELECT count(*) FROM reminders.every_attempt WHERE node = $1 AND outcome = 'sent'",
            skewed.NodeName
        );
        var slowest = await ScalarAsync<TimeSpan>("SELECT max(fired_at - due_at) FROM reminders.occurrence");
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"fired: {before} before it noticed, {own} of its own, {after} after; {slowest.TotalSeconds:0.0} s late at most; {sent} sent by it"
            )
        );

        // And says so, to whoever asks and to whoever reads its log.
        await Until.TrueAsync(async () => (await ReadyAsync(skewed)).Check("scheduler") == "degraded", Patience, Cancellation);
        var ready = await ReadyAsync(skewed);
        Assert.Equal("degraded", ready.Check("scheduler"));
        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Assert.Equal("degraded", ready.Check("clock"));
        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(right)).Status);
        await SaidAsync("its Quartz stands by");

        _telegram.PressButton(1, _telegram.Record.MessagesTo(1)[0].MessageId, 0);
        await _telegram.Record.WaitForAsync(record => record.MessagesTo(Recruiter).Count == 1, Patience, Cancellation);
        await UntilAsync(
            "SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE state <> 'sent') AND NOT EXISTS (SELECT FROM reminders.event)",
            "all is settled"
        );
        Assert.Equal(skewed.NodeName, await ScalarAsync<string>("SELECT holder FROM reminders.lease WHERE name = 'telegram-poller'"));
        Assert.Equal(1, await ScalarAsync<long>("SELECT count(*) FROM reminders.press"));
        Assert.Equal(
            "confirmed",
            await ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", _bookings[1].Id.ToString())
        );
        Assert.Single(_telegram.Record.MessagesTo(Recruiter));
        Assert.Equal(51, _telegram.Record.MessageCount);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task What_a_process_with_a_wrong_clock_held_when_it_was_killed_is_sent_by_the_other_when_its_lease_ends(int seconds)
    {
        await using var right = await NodeProcess.StartAsync(
            "right",
            _environment,
            Cancellation,
            output: line => _log.Enqueue($"right: {line}")
        );
        await using var skewed = await NodeProcess.StartAsync(
            "skewed",
            _environment.Off(seconds),
            Cancellation,
            output: line => _log.Enqueue($"skewed: {line}")
        );
        await NoticedAsync(skewed);
        using var app = new DemoApi([skewed], await KeyAsync());
        // Whoever sends waits for each reply, so that both nodes have some started and some not.
        _telegram.Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromSeconds(3) });
        // Due already, and so at once.
        await Task.WhenAll(Enumerable.Range(1, 40).Select(chat => ApproveAsync(app, chat, TimeSpan.FromMinutes(-5))));
        await UntilAsync(
            """
            SELECT count(*) FILTER (WHERE send_started_at IS NULL) > $2 AND count(*) FILTER (WHERE send_started_at IS NOT NULL) > 0
            FROM reminders.outbox WHERE state = 'sending' AND leased_by = $1
            """,
            "the skewed node holds more than it may start next",
            skewed.NodeName,
            InFlight
        );
        await skewed.KillAsync();
        var killed = TimeProvider.System.GetUtcNow();
        _telegram.Faults.Clear();
        // How long that is kept from the other is the database's to say: by its own clock it would be half a minute more, or less than
        // nothing.
        await ExecuteAsync(
            """
            CREATE TABLE held AS SELECT id, lease_until - coalesce(send_started_at, claimed_at) AS kept
            FROM reminders.outbox WHERE state = 'sending' AND leased_by = $1
            """,
            skewed.NodeName
        );
        Assert.InRange(await ScalarAsync<TimeSpan>("SELECT min(kept) FROM held"), ClaimLease - Slack, ClaimLease + Slack);
        Assert.InRange(await ScalarAsync<TimeSpan>("SELECT max(kept) FROM held"), SendLease - Slack, SendLease + Slack);

        await UntilAsync(
            """
            SELECT count(*) = 40 AND bool_and(m.state IN ('sent', 'uncertain')) FROM reminders.outbox m WHERE m.kind = 'CONFIRM_2H'
            """,
            "everything is sent or held"
        );
        var doubts = await ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain'");
        var taken = await ScalarAsync<long>(
            "SELECT count(*) FROM held h JOIN reminders.outbox m USING (id) WHERE m.state = 'sent' AND m.leased_by = $1",
            right.NodeName
        );
        var last = _telegram.Record.Messages.Where(message => message.ChatId != Recruiter).Max(message => message.ArrivedAt) - killed;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{taken} taken over, {doubts} in doubt, the last {last.TotalSeconds:0.0} s after SIGKILL"
            )
        );
        Assert.True(taken > 0, "the other node took nothing over");
        Assert.InRange(doubts, 0, InFlight);
        Assert.InRange(last, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        foreach (var chat in _bookings.Keys)
        {
            Assert.InRange(_telegram.Record.MessagesTo(chat).Count, 0, 1);
        }

        var arrived = _bookings
            .Keys.Where(chat => _telegram.Record.MessagesTo(chat).Count == 1)
            .Select(chat => chat.ToString(CultureInfo.InvariantCulture))
            .ToArray();
        Assert.Equal(
            0,
            await ScalarAsync<long>(
                """
                SELECT count(*) FROM reminders.outbox m JOIN reminders.address a USING (recipient_id)
                WHERE m.kind = 'CONFIRM_2H' AND m.state = 'sent' AND a.address <> ALL ($1)
                """,
                (object)arrived
            )
        );
    }

    public async ValueTask InitializeAsync()
    {
        _postgres = await LocalPostgres.StartAsync(
            new() { DataDirectory = Path.Combine(Path.GetTempPath(), $"reminders-skew-{Guid.NewGuid():N}"[..24]), Temporary = true },
            Cancellation
        );
        _telegram = await TelegramSimulator.StartAsync(
            new() { EnforceLimits = false, AutoCreateChats = true },
            cancellationToken: Cancellation
        );
        _environment = new()
        {
            ["ConnectionString"] = await _postgres.CreateDatabaseAsync("skewed"),
            ["Telegram__BotToken"] = _telegram.Token,
            ["Telegram__ApiBaseUrl"] = _telegram.BaseAddress.ToString(),
            ["Telegram__SendTimeout"] = "00:00:05",
            ["Telegram__PollTimeout"] = "00:00:02",
            // Small, so that both nodes have a part in whatever falls due.
            ["Outbox__BatchSize"] = "8",
            ["Outbox__InFlight"] = $"{InFlight}",
            ["Outbox__ClaimLease"] = ClaimLease.ToString(),
            ["Outbox__SendLease"] = SendLease.ToString(),
            ["Outbox__Limits__telegram__PerSecond"] = "0",
            ["Outbox__Limits__telegram__PerRecipientInterval"] = "0",
            ["Logging__LogLevel__Default"] = "Warning",
            [$"Logging__LogLevel__{typeof(Reminders.Telegram.UpdatePoller).FullName}"] = "Information",
            ["Logging__LogLevel__Microsoft.Extensions.Diagnostics.HealthChecks"] = "Error",
        };
        _database = NpgsqlDataSource.Create(_environment["ConnectionString"]);
    }

    public async ValueTask DisposeAsync()
    {
        // Shown where the test failed.
        output.WriteLine(string.Join('\n', _log));
        await _database.DisposeAsync();
        await _telegram.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private async Task<string> KeyAsync() =>
        _key = Assert
            .IsType<Outcome<NewApiKey>.Done>(await new ApiKeys(new Database(_database)).CreateAsync("app", ApiRole.Recruiter, Cancellation))
            .Value.Key;

    private async Task ApproveAsync(DemoApi app, long chat, TimeSpan dueIn)
    {
        var booking = await app.CreateAsync(
            "Backend engineer",
            TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2) + dueIn,
            new("Anna", TelegramChatId: chat),
            new("Rita", TelegramChatId: Recruiter),
            Cancellation
        );
        _bookings[chat] = await app.ApproveAsync(booking.Id, Cancellation);
    }

    /// <summary>When, by the database's clock, it was sure to know that its own is wrong.</summary>
    private async Task<DateTimeOffset> NoticedAsync(NodeProcess node)
    {
        await UntilAsync(
            "SELECT EXISTS (SELECT FROM reminders.node WHERE name = $1 AND abs(extract(epoch FROM skew)) > 5)",
            "the skew is noticed",
            node.NodeName
        );
        return new(await ScalarAsync<DateTime>("SELECT clock_timestamp()"));
    }

    private async Task<double> SkewAsync(NodeProcess node) =>
        (await ScalarAsync<TimeSpan>("SELECT skew FROM reminders.node WHERE name = $1", node.NodeName)).TotalSeconds;

    private Task<long> FiredAsync(NodeProcess by, DateTimeOffset from, DateTimeOffset to) =>
        ScalarAsync<long>(
            "SELECT count(*) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H' AND fired_by = $1 AND fired_at BETWEEN $2 AND $3",
            by.NodeName,
            from,
            to
        );

    private async Task SaidAsync(string words) =>
        Assert.True(
            await Until.TrueAsync(
                () =>
                    Task.FromResult(
                        _log.Any(line =>
                            line.StartsWith("skewed: ", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal)
                        )
                    ),
                Patience,
                Cancellation
            ),
            $"The skewed node never said '{words}'."
        );

    private static async Task<Readiness> ReadyAsync(NodeProcess node)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(node.Address, "health/ready"), Cancellation);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return new(answer.StatusCode, json.RootElement.Clone());
    }

    private async Task UntilAsync(string sql, string what, params object[] values) =>
        Assert.True(
            await Until.TrueAsync(() => ScalarAsync<bool>(sql, values), Patience, Cancellation),
            $"It did not come true within {Patience} that {what}."
        );

    private async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = _database.CreateCommand(sql).With(values);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = _database.CreateCommand(sql).With(values);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private sealed record Readiness(HttpStatusCode Status, JsonElement Body)
    {
        public string? Check(string name) => Body.GetProperty("checks").GetProperty(name).GetProperty("status").GetString();
    }
}
