using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <summary>What one burst measured, counted from rows in the database, in its time; duplicates are counted where they arrived.</summary>
/// <param name="Arrived">Different reminders that arrived. None when the receiver is somebody else's.</param>
/// <param name="Duplicates">Arrivals of a text where it was already. None when the receiver is somebody else's.</param>
internal sealed record BurstResult(
    double MessagesPerSecond,
    double P50Ms,
    double P99Ms,
    long? Arrived,
    long? Duplicates,
    long Sent,
    long Held,
    BurstStages Stages,
    CpuPerThousand CpuMsPerThousand,
    PostgresWork Postgres,
    BurstSettings Settings
)
{
    /// <summary>Every message was sent or is held, what was sent has arrived, and none arrived twice.</summary>
    internal bool IsWhole => Duplicates is null or 0 && Sent + Held == Settings.Count && !(Arrived < Sent);
}

/// <summary>Where the time went, in milliseconds; the last four count from the due instant.</summary>
internal sealed record BurstStages(
    double ApprovalsPerSecond,
    double FirstFiredMs,
    double AllFiredMs,
    double FirstStartedMs,
    double FirstSettledMs,
    double AllSettledMs
);

/// <param name="Tuned">Not with PostgreSQL's default settings.</param>
internal sealed record BurstSettings(
    int Count,
    int Nodes,
    int InFlight,
    int BatchSize,
    bool Tuned = false,
    string Channel = ChannelNames.Chat
)
{
    /// <summary>How many go before.</summary>
    internal int WarmUp => Math.Min(4000, Count * 2);
}

/// <summary>
/// Many bookings whose reminder is due at one instant: approved through the engine's own command, fired by Quartz, sent to
/// a receiver with limits off.
/// </summary>
internal sealed class BurstBench(
    NpgsqlDataSource dataSource,
    IServiceScopeFactory scopes,
    IBurstReceiver receiver,
    CpuMeter cpu,
    StatementMeter postgres,
    TimeProvider time
)
{
    public async Task<BurstResult> RunAsync(BurstSettings settings, TimeSpan approveWithin, CancellationToken cancellationToken)
    {
        await WarmUpAsync(settings, cancellationToken);
        var due = await DueInstantAsync(approveWithin, cancellationToken);
        var start = due + TimeSpan.FromHours(2);
        var ids = await BulkBookings.ProposeAsync(dataSource, settings.Count, start, "burst", settings.Channel, cancellationToken);
        var began = time.GetTimestamp();
        await ApproveAsync(ids, cancellationToken);
        var approving = time.GetElapsedTime(began);
        await postgres.StartAsync(cancellationToken);
        await UntilDueAsync(due, cancellationToken);
        cpu.Start();
        await UntilSettledAsync(cancellationToken);
        var (used, work) = (cpu.Stop(settings.Count), await postgres.StopAsync(settings.Count, cancellationToken));
        return await MeasureAsync(due, used, work, settings, settings.Count / approving.TotalSeconds, cancellationToken);
    }

    // A service that has run for a minute is what is measured, not its compiler.
    private async Task WarmUpAsync(BurstSettings settings, CancellationToken cancellationToken)
    {
        var late = await DueInstantAsync(TimeSpan.FromHours(1), cancellationToken);
        var ids = await BulkBookings.ProposeAsync(dataSource, settings.WarmUp, late, "warm-up", settings.Channel, cancellationToken);
        await ApproveAsync(ids, cancellationToken);
        await UntilSettledAsync(cancellationToken);
    }

    private async Task<DateTimeOffset> DueInstantAsync(TimeSpan ahead, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT date_trunc('second', now() + $1)").With(ahead);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }

    private Task ApproveAsync(List<Guid> ids, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ApproveBooking(id), token);
            }
        );

    private async Task UntilDueAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT greatest($1 - clock_timestamp(), '0')").With(due);
        await Task.Delay((TimeSpan)(await command.ExecuteScalarAsync(cancellationToken))!, time, cancellationToken);
    }

    private async Task UntilSettledAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
        do
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        } while (
            await ScalarAsync<bool>(
                """
                SELECT CASE WHEN EXISTS (SELECT FROM reminders.occurrence WHERE kind = 'CONFIRM_2H' AND state = 'planned') THEN true
                            ELSE EXISTS (SELECT FROM reminders.outbox WHERE state IN ('pending', 'sending', 'retry') AND kind = 'CONFIRM_2H')
                       END
                """,
                cancellationToken
            )
        );
    }

    private async Task<BurstResult> MeasureAsync(
        DateTimeOffset due,
        CpuPerThousand used,
        PostgresWork work,
        BurstSettings settings,
        double approvalsPerSecond,
        CancellationToken cancellationToken
    )
    {
        var arrivals = await receiver.CountAsync(cancellationToken);
        await using var command = dataSource.CreateCommand(LabStatement.Named(receiver.Measure)).With(due);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        double Ms(int column) => Math.Round(reader.GetDouble(column), 1);
        var sent = reader.GetInt64(0);
        return new(
            Math.Round(sent / (reader.GetDouble(8) / 1000), 0),
            Ms(2),
            Ms(3),
            arrivals?.Reminders - settings.WarmUp,
            arrivals?.Duplicates,
            sent,
            reader.GetInt64(1),
            new(Math.Round(approvalsPerSecond, 0), Ms(4), Ms(5), Ms(6), Ms(7), Ms(8)),
            used,
            work,
            settings
        );
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
