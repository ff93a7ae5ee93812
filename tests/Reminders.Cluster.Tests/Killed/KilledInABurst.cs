using System.Globalization;
using Npgsql;
using Reminders.Cli.Bench;
using Reminders.Cli.Nodes;
using Reminders.Sandbox.Postgres;
using Reminders.Sandbox.Telegram;

namespace Reminders.Cluster.Tests.Killed;

/// <summary>
/// SIGKILL to one of two node processes in the middle of a burst. What arrived is judged by the simulator, which knows
/// nothing of the engine; what the engine believes is only compared with it.
/// </summary>
public sealed class KilledInABurst
{
    private const int Count = 20_000;
    private const int InFlight = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Kill_9_of_one_of_two_nodes_sends_nothing_twice_loses_nothing_and_leaves_a_window_in_doubt()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var postgres = await LocalPostgres.StartAsync(new()
        {
            DataDirectory = Path.Combine(Path.GetTempPath(), $"reminders-kill-{Guid.NewGuid():N}"[..24]), Temporary = true,
        }, cancellation);
        await using var telegram = await TelegramSimulator.StartAsync(new() { EnforceLimits = false, AutoCreateChats = true }, cancellationToken: cancellation);
        var environment = new Dictionary<string, string>
        {
            ["ConnectionString"] = await postgres.CreateDatabaseAsync("killed"),
            ["Telegram__BotToken"] = telegram.Token,
            ["Telegram__ApiBaseUrl"] = telegram.BaseAddress.ToString(),
            ["Outbox__InFlight"] = $"{InFlight}",
            ["Outbox__Limits__telegram__PerSecond"] = "0",
            ["Outbox__Limits__telegram__PerRecipientInterval"] = "0",
            // A rest of the default 25 s would be most of what is measured.
            ["Outbox__ClaimLease"] = "00:00:05",
            ["Outbox__SendLease"] = "00:00:15",
            ["Telegram__SendTimeout"] = "00:00:10",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        await using var victim = await NodeProcess.StartAsync("victim", environment, cancellation);
        await using var survivor = await NodeProcess.StartAsync("survivor", environment, cancellation);
        await using var database = NpgsqlDataSource.Create(environment["ConnectionString"]);
        await BulkBookings.WriteAsync(database, Count, "CONFIRM_2H", TimeSpan.Zero, queued: false, cancellation);

        await telegram.Record.WaitForAsync(record => record.MessageCount >= Count / 4, Patience, cancellation);
        victim.Kill();
        var killed = TimeProvider.System.GetUtcNow();
        var before = telegram.Record.MessageCount;
        Assert.InRange(before, Count / 4, Count * 9 / 10);
        // A doubt may have arrived or not; everything else arrives.
        await telegram.Record.WaitForAsync(record => record.MessageCount >= Count - InFlight, Patience, cancellation);
        await UntilSettledAsync(database, cancellation);

        var messages = telegram.Record.Messages.Where(message => message.ChatId > 1_000_000).ToArray();
        var doubts = await ScalarAsync<long>(database, "SELECT count(*) FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'uncertain'");
        var sent = await ScalarAsync<long>(database, "SELECT count(*) FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent'");
        var last = messages.Max(message => message.ArrivedAt) - killed;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{before} before the kill, {doubts} in doubt, {messages.Length} arrived, the last {last.TotalSeconds:0.0} s after SIGKILL"));

        Assert.DoesNotContain(messages.GroupBy(message => message.ChatId), chat => chat.Count() > 1);
        Assert.Equal(Count, sent + doubts);
        var arrived = messages.Select(message => message.ChatId.ToString(CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(0, await ScalarAsync<long>(database, """
            SELECT count(*) FROM reminders.outbox m JOIN reminders.address a ON a.recipient_id = m.recipient_id
            WHERE m.kind = 'CONFIRM_2H' AND m.state = 'sent' AND a.address <> ALL ($1)
            """, (object)arrived));
        Assert.InRange(doubts, 0, InFlight);
    }

    private static async Task UntilSettledAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await ScalarAsync<bool>(database, """
            SELECT EXISTS (SELECT FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending') AND kind = 'CONFIRM_2H')
                OR EXISTS (SELECT FROM reminders.occurrence WHERE state = 'planned' AND kind = 'CONFIRM_2H')
            """))
            await timer.WaitForNextTickAsync(bound.Token);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 120;
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
