using Npgsql;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Storage.Schema;

namespace Reminders.Doctor;

/// <summary>
/// Looks whether everything is there and agrees: for the command line, the API and the console. Each check is bounded, and one that
/// fails or takes too long is a finding among the others' findings.
/// </summary>
internal sealed class DoctorRounds(
    Database database,
    Migrator migrator,
    SchemaCheck schema,
    KindCatalog kinds,
    RemindersOptions options,
    RetentionOptions retention,
    IEnumerable<IProviderCheck> providers,
    IEnumerable<StaffSignIn> signIns,
    TimeProvider time
)
{
    // Few, so that it is no burden on a server that is in trouble.
    private const int AtOnce = 4;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    /// <returns>All there is to say; what is in order too.</returns>
    /// <exception cref="NpgsqlException">The database cannot be used, so there is nothing to look at.</exception>
    public async Task<IReadOnlyList<Finding>> LookAsync(
        DoctorDepth depth,
        IProgress<DoctorProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var pool = await PoolCheck.LookAsync(database, time, cancellationToken);
        if (pool.Health == Health.Bad)
        {
            return [pool];
        }

        var usable = true;
        var first = new Check(
            "schema",
            async stop =>
            {
                (usable, var findings) = await SchemaChecks.LookAsync(migrator, schema, stop);
                return findings;
            },
            Soon
        );
        // A channel that has a check of its own is not asked by the common one as well.
        var asked = providers
            .GroupBy(provider => provider.Provider)
            .Select(all => Asked(all.FirstOrDefault(one => one is not ProbeCheck) ?? all.First()))
            .ToArray();
        var checks = Checks().Where(check => depth == DoctorDepth.Deep || !check.IsDeep).ToArray();
        var all = 1 + checks.Length + asked.Length;
        var done = 0;

        // Providers are far away, and asked beside everything else.
        var answers = Task.WhenAll(asked.Select(LookAsync));
        var found = new List<Finding>([.. await LookAsync(first), pool]);
        // What follows asks tables that are not there.
        if (usable)
        {
            found.AddRange(await InOrderAsync(checks));
        }

        found.AddRange((await answers).SelectMany(findings => findings));
        return found;

        async Task<IReadOnlyList<Finding>> LookAsync(Check check)
        {
            progress?.Report(new(Volatile.Read(ref done), all, check.Name));
            var findings = await BoundedCheck.RunAsync(check, time, cancellationToken);
            progress?.Report(new(Interlocked.Increment(ref done), all, check.Name));
            return findings;
        }

        async Task<IEnumerable<Finding>> InOrderAsync(Check[] given)
        {
            var results = new IReadOnlyList<Finding>[given.Length];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, given.Length),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (place, _) => results[place] = await LookAsync(given[place])
            );
            return results.SelectMany(findings => findings);
        }
    }

    private IEnumerable<Check> Checks() =>
        [
            Of("settings", async stop => [await ServerChecks.SettingsAsync(database, stop)]),
            Of("clock", async stop => [await ClusterChecks.ClockAsync(database, time, stop)]),
            Of("nodes", stop => ClusterChecks.NodesAsync(database, stop)),
            Of("fail-over", async stop => [await FailoverChecks.LookAsync(database, time, stop)]),
            Of("firing", async stop => [await LedgerChecks.OverdueAsync(database, stop)]),
            Of("triggers", async stop => [await LedgerChecks.TriggersAsync(database, stop)]),
            Of("triggers", stop => TriggerChecks.StatesAsync(database, stop)),
            Of("triggers", stop => TriggerChecks.HoldersAsync(database, stop)),
            Of("leases", async stop => [await UpkeepChecks.LeasesAsync(database, stop)]),
            new("leases", async stop => [await DeepChecks.UnnotedAsync(database, stop)], Long, IsDeep: true),
            Of("duplicates", async stop => [await DuplicateChecks.IndexesAsync(database, stop)]),
            new("duplicates", stop => DeepChecks.IdentitiesAsync(database, stop), Long, IsDeep: true),
            new("told twice", stop => DuplicateChecks.ToldTwiceAsync(database, stop), Long, IsDeep: true),
            Of("waiting", stop => WaitingChecks.LookAsync(database, stop)),
            Of("updates", stop => SourceChecks.LookAsync(database, stop)),
            Of("answers", async stop => [await UpkeepChecks.UpdatesAsync(database, stop)]),
            Of("retention", async stop => [await UpkeepChecks.RetentionAsync(database, retention, stop)]),
            Of("vacuum", stop => LoadChecks.HeldAsync(database, stop)),
            Of("vacuum", stop => LoadChecks.BloatAsync(database, stop)),
            Of("pool", async stop => [await LoadChecks.ConnectionsAsync(database, stop)]),
            Of("zones", async stop => [await LedgerChecks.ZonesAsync(database, stop)]),
            Of("channels", stop => ChannelChecks.LookAsync(database, stop)),
            Of("kinds", stop => KindChecks.LookAsync(database, stop)),
            Of("kinds", async stop => [await LedgerChecks.KindsAsync(database, kinds, stop)]),
            Of("settings", _ => Task.FromResult<IReadOnlyList<Finding>>([SettingsChecks.PublicUrl(options, kinds)])),
            Of("keys", stop => SettingsChecks.KeysAsync(database, signIns.Any(signIn => signIn.IsTheApps), stop)),
        ];

    private static Check Of(string name, Func<CancellationToken, Task<IReadOnlyList<Finding>>> look) => new(name, look, Soon);

    private static Check Asked(IProviderCheck provider) => new(provider.Provider, provider.LookAsync, Soon);
}
