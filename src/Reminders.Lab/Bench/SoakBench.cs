using Npgsql;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

internal sealed record SoakSettings(int Minutes, int Count, Pressure Pressure);

/// <param name="OfTheCleanRate">The median rate under pressure by the median without.</param>
/// <param name="Clean">Rounds before the pressure.</param>
/// <param name="Pressed">Rounds under it, in their order.</param>
/// <param name="PagesRead">How often the console's open pages asked for themselves meanwhile.</param>
internal sealed record SoakResult(
    SoakSettings Settings,
    double OfTheCleanRate,
    IReadOnlyList<SoakRound> Clean,
    IReadOnlyList<SoakRound> Pressed,
    long PagesRead
)
{
    internal bool IsWhole => Clean.Concat(Pressed).All(round => round.Sent == Settings.Count);
}

/// <param name="P50Ms">From the commit of the start to the commit of the outcome.</param>
/// <param name="DeadRows">In what the engine writes for each message, afterwards.</param>
/// <param name="Megabytes">Of the same tables with their indexes.</param>
internal sealed record SoakRound(double MessagesPerSecond, double P50Ms, double P99Ms, long Sent, long DeadRows, double Megabytes);

/// <summary>
/// One burst after another, without a limit: is the engine after some minutes as fast as it was, and what does it leave behind, also
/// where somebody keeps the database from clearing up?
/// </summary>
internal sealed class SoakBench(BenchCluster cluster, SoakSettings settings, TimeProvider time)
{
    private const int CleanRounds = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private int _rounds;

    public async Task<SoakResult> RunAsync(CancellationToken cancellationToken)
    {
        await RoundAsync(cancellationToken); // the compiler's
        var (clean, pressed) = (new List<SoakRound>(), new List<SoakRound>());
        while (clean.Count < CleanRounds)
        {
            clean.Add(await RoundAsync(cancellationToken));
        }

        await using var pressure = new PressureOn(settings.Pressure, cluster, time);
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < TimeSpan.FromMinutes(settings.Minutes))
        {
            pressed.Add(await RoundAsync(cancellationToken));
        }

        return new(settings, Math.Round(Median(pressed) / Median(clean), 2), clean, pressed, pressure.PagesRead);
    }

    private static double Median(List<SoakRound> rounds) =>
        rounds.Count == 0 ? 0 : rounds.Select(round => round.MessagesPerSecond).Order().ElementAt(rounds.Count / 2);

    private async Task<SoakRound> RoundAsync(CancellationToken cancellationToken)
    {
        var last = await OneAsync("SELECT coalesce(max(id), 0) FROM reminders.outbox", row => row.GetInt64(0), cancellationToken);
        var sent = cluster.Telegram.Record.MessageCount;
        await BulkBookings.WriteAsync(
            cluster.Database,
            settings.Count,
            "CONFIRM_2H",
            TimeSpan.Zero,
            queued: false,
            cancellationToken,
            $"soak{++_rounds}"
        );
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount >= sent + settings.Count, Patience, cancellationToken);
        await Until.TrueAsync(
            async () =>
                await OneAsync(
                    "SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE id > $1 AND state <> 'sent')",
                    row => row.GetBoolean(0),
                    cancellationToken,
                    last
                ),
            Patience,
            cancellationToken
        );
        var tables = await OneAsync(
            LabStatement.Named("Bench/Sql/soak-tables.sql"),
            row => (Dead: row.GetInt64(0), Bytes: row.GetInt64(1)),
            cancellationToken
        );
        return await OneAsync(
            LabStatement.Named("Bench/Sql/soak-round.sql"),
            row => new SoakRound(
                Math.Round(row.GetInt64(0) / row.GetDouble(1)),
                Math.Round(row.GetDouble(2), 1),
                Math.Round(row.GetDouble(3), 1),
                row.GetInt64(0),
                tables.Dead,
                Math.Round(tables.Bytes / 1024.0 / 1024, 1)
            ),
            cancellationToken,
            last
        );
    }

    private async Task<T> OneAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = cluster.Database.CreateCommand(sql).With(values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return read(reader);
    }
}
