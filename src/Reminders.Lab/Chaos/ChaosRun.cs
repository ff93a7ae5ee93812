using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Cli;
using Reminders.Lab.Chaos.Check;
using Reminders.Lab.Chaos.Faults;
using Reminders.Lab.Chaos.Work;
using Reminders.Lab.Telegram;
using Reminders.Storage;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Chaos;

/// <summary>What a run ends with.</summary>
internal sealed record ChaosResult(
    ChaosSettings Settings,
    Verdict Verdict,
    IReadOnlyList<string> Crashes,
    IReadOnlyDictionary<string, int> Starts,
    IReadOnlyDictionary<string, int> Faults,
    int Bookings,
    int Retries,
    TimeSpan Settled,
    IReadOnlyList<double> AfterKills,
    IReadOnlyList<double> AfterFast,
    IReadOnlyList<double> AfterImmediate
)
{
    public bool Ok => Verdict.Ok && Crashes.Count == 0;
}

/// <summary>
/// One run from start to verdict: a database, a Telegram and nodes of its own; a workload and a driver of faults against
/// them; then peace, until nothing moves any more; then the check.
/// </summary>
internal sealed class ChaosRun(ChaosSettings settings, Action<string> say, Action<string> nodeOutput, TimeProvider time)
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(90);

    public async Task<ChaosResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var postgres = await LocalPostgres.StartAsync(
            new() { DataDirectory = Path.Combine(Path.GetTempPath(), $"reminders-chaos-{Guid.NewGuid():N}"[..24]), Temporary = true },
            cancellationToken
        );
        await using var telegram = await TelegramSimulator.StartAsync(settings.Telegram(), cancellationToken: cancellationToken);
        SpoilTelegram.BeItself(telegram);
        var direct = await postgres.CreateDatabaseAsync("chaos");
        await using var admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(direct) { Pooling = false }.ConnectionString);
        await using var services = Engine(settings.NodeSettings(direct, telegram));
        var migrator = services.GetRequiredService<Migrator>();
        if (settings.Beside is null)
        {
            await migrator.MigrateAsync(cancellationToken);
        }

        var nodes = Enumerable.Range(1, settings.Nodes).Select(i => NodeOf(i, direct, telegram, postgres.Port)).ToArray();
        try
        {
            await Task.WhenAll(nodes.Select(node => node.StartAsync().WaitAsync(cancellationToken)));
            if (settings.Beside is not null)
            {
                // Beneath the nodes of the earlier build, which made the schema as it was then.
                await migrator.MigrateAsync(cancellationToken);
            }

            return await RunAsync(nodes, postgres, admin, telegram, services, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        }
    }

    private async Task<ChaosResult> RunAsync(
        ChaosNode[] nodes,
        LocalPostgres postgres,
        NpgsqlDataSource admin,
        TelegramSimulator telegram,
        ServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var (history, faults, recoveries) = (new History(time), new FaultLog(time, say), new Recoveries(admin, telegram, time));
        var victims = new Victims(nodes, postgres, admin, telegram, faults, recoveries, time);
        var app = new BookingApp(services.GetRequiredService<IServiceScopeFactory>(), history, time);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(settings.Duration);
        var working = new Workload(app, telegram, history, time, settings.Seed).RunAsync(enough.Token, cancellationToken);
        await FaultDriver.RunAsync(victims, settings.Seed, settings.Only, enough.Token);
        await working;

        say("no more faults; waiting until nothing moves");
        var reader = new EvidenceReader(admin, time);
        var settled = await SettleAsync(reader, cancellationToken);
        var evidence = await PatientlyAsync(() => reader.ReadAsync(telegram, faults, history, cancellationToken), cancellationToken);
        return new(
            settings,
            Checker.Judge(evidence),
            [.. nodes.SelectMany(node => node.Crashes)],
            settings.Programs.ToDictionary(program => program, program => nodes.Sum(node => node.Starts.GetValueOrDefault(program))),
            FaultDriver.Kinds.ToDictionary(kind => kind, kind => evidence.Faults.Count(fault => fault.Kind == kind)),
            history.Changes.Select(change => change.Booking).Distinct().Count(),
            history.Retries,
            settled,
            await PatientlyAsync(() => recoveries.AfterKillsAsync(cancellationToken), cancellationToken),
            recoveries.AfterRestarts("pg-fast"),
            recoveries.AfterRestarts("pg-immediate")
        );
    }

    private async Task<TimeSpan> SettleAsync(EvidenceReader reader, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var said = "";
        while (
            await PatientlyAsync(() => reader.OpenAsync(cancellationToken), cancellationToken) is { Count: > 0 } open
            && time.GetElapsedTime(began) < SettleTime
        )
        {
            // Only what lasts is worth a line.
            if (time.GetElapsedTime(began) > TimeSpan.FromSeconds(5) && open[0] != said)
            {
                say($"still open, {open.Count} of it: {said = open[0]}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
        }
        return time.GetElapsedTime(began);
    }

    /// <summary>The database is well again, but on a busy machine it may take its time to answer.</summary>
    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (attempt < 5 && Outage.IsOne(exception, cancellationToken)) { }
        }
    }

    private ChaosNode NodeOf(int number, string direct, TelegramSimulator telegram, int databasePort)
    {
        var proxy = new DatabaseProxy(databasePort);
        return new(
            $"chaos{number}",
            proxy,
            settings.Programs,
            settings.NodeSettings(ChaosSettings.Through(proxy, direct), telegram),
            line => nodeOutput($"chaos{number} {line}"),
            time
        );
    }

    /// <summary>The engine inside the booking app: it takes commands and stores triggers, and sends nothing.</summary>
    private static ServiceProvider Engine(Dictionary<string, string> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddReminders()
            .AddInMemoryCollection(
                settings.Select(pair => new KeyValuePair<string, string?>(
                    pair.Key.Replace("__", ":", StringComparison.Ordinal),
                    pair.Value
                ))
            )
            .AddInMemoryCollection([new("NodeName", "booking-app")])
            .Build();
        var services = new ServiceCollection().AddLogging();
        services.AddEngine(configuration, AllChannels.Add);
        return services.BuildServiceProvider();
    }
}
