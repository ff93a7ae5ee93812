using Reminders.Lab.Telegram;

namespace Reminders.Lab.Bench;

/// <param name="ShareOfPermitted">What was sent of what Telegram permits, in the same run, without its first and last second.</param>
/// <param name="TooManyRequests">How often Telegram had to say 429; the limits are there for this to be zero.</param>
/// <param name="BehindBulk">A confirmation queued behind a bulk of another kind: from its commit to its arrival.</param>
internal sealed record LimitsResult(
    LimitsSettings Settings,
    double MessagesPerSecond,
    double PermittedPerSecond,
    double ShareOfPermitted,
    long TooManyRequests,
    Latency BehindBulk
);

internal sealed record LimitsSettings(int Count, int Nodes, int Bulk, int Confirmations);

/// <summary>A Telegram as strict as the real one and several nodes with the shipped limits: how much of what it permits is used, and who
/// waits behind whom.</summary>
internal sealed class LimitsBench(BenchCluster cluster, LimitsSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(-5);
    private static readonly double Permitted = new TelegramSimulatorOptions().PerBotPerSecond;

    private SimulatorRecord Record => cluster.Telegram.Record;

    public async Task<LimitsResult> RunAsync(CancellationToken cancellationToken)
    {
        // Each node's first message goes alone and compiles the way there; a service that has run for a while is what is measured.
        await SendAsync(settings.Nodes * 20, "warm-up", cancellationToken);
        Record.Clear();
        await SendAsync(settings.Count, "rate", cancellationToken);
        var second = (int)Permitted;
        var arrivals = Record.Messages.Select(message => message.ArrivedAt).Order().Skip(second).SkipLast(second).ToArray();
        var rate = (arrivals.Length - 1) / (arrivals[^1] - arrivals[0]).TotalSeconds;
        var behind = await BehindBulkAsync(cancellationToken);
        return new(settings, Math.Round(rate, 2), Permitted, Math.Round(rate / Permitted, 3), Record.TooManyRequests, behind);
    }

    private async Task SendAsync(int count, string name, CancellationToken cancellationToken)
    {
        var before = Record.MessageCount;
        await BulkBookings.WriteAsync(cluster.Database, count, "CONFIRM_2H", Overdue, queued: true, cancellationToken, name);
        await Record.WaitForAsync(record => record.MessageCount >= before + count, Patience, cancellationToken);
    }

    private async Task<Latency> BehindBulkAsync(CancellationToken cancellationToken)
    {
        await BulkBookings.WriteAsync(cluster.Database, settings.Bulk, "NO_ANSWER_1H", Overdue, queued: true, cancellationToken);
        var started = Record.MessageCount;
        await Record.WaitForAsync(record => record.MessageCount >= started + Permitted, Patience, cancellationToken);
        var waits = new List<TimeSpan>();
        for (var i = 1; i <= settings.Confirmations; i++)
        {
            await BulkBookings.WriteAsync(cluster.Database, 1, "CONFIRM_2H", Overdue, queued: true, cancellationToken, $"behind{i}");
            var queued = time.GetUtcNow();
            var chat = await LastChatAsync(cancellationToken);
            await Record.WaitForAsync(record => record.MessagesTo(chat).Count == 1, Patience, cancellationToken);
            var wait = Record.MessagesTo(chat)[0].ArrivedAt - queued;
            waits.Add(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }
        return Latency.Of(waits);
    }

    private async Task<long> LastChatAsync(CancellationToken cancellationToken)
    {
        await using var command = cluster.Database.CreateCommand("SELECT 1000000 + max(id) FROM reminders.recipient");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
