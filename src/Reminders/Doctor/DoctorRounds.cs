using Npgsql;
using Reminders.Channels;
using Reminders.Kinds;
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
    IEnumerable<IProviderCheck> providers,
    TimeProvider time
)
{
    // Few, so that it is no burden on a server that is in trouble.
    private const int AtOnce = 4;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    /// <exception cref="NpgsqlException">The database cannot be used, so there is nothing to look at.</exception>
    public async Task<IReadOnlyList<Finding>> LookAsync(
        DoctorDepth depth,
        IProgress<DoctorProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        // What is thrown here is the caller's to say.
        await using (await database.OpenConnectionAsync(cancellationToken)) { }

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
        var asked = providers.Select(Asked).ToArray();
        var checks = Checks().Where(check => depth == DoctorDepth.Deep || !check.IsDeep).ToArray();
        var all = 1 + checks.Length + asked.Length;
        var done = 0;

        // Providers are far away, and asked beside everything else.
        var answers = Task.WhenAll(asked.Select(LookAsync));
        var found = new List<Finding>(await LookAsync(first));
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
            var findings = await RunAsync(check, time, cancellationToken);
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

    /// <summary>One check, with what it takes; where it fails, that is what is found.</summary>
    internal static async Task<IReadOnlyList<Finding>> RunAsync(Check check, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(check.Bound, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var began = time.GetTimestamp();
        IReadOnlyList<Finding> found;
        try
        {
            // Whatever becomes of it, the others are waited for no longer than this.
            found = await check.Look(stop.Token).WaitAsync(check.Bound + TimeSpan.FromSeconds(1), time, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var isLate = late.IsCancellationRequested || exception is TimeoutException;
            found = [isLate ? Late(check) : Failed(check, exception)];
        }

        var took = time.GetElapsedTime(began);
        return [.. found.Select(finding => finding with { Took = took })];
    }

    private IEnumerable<Check> Checks() =>
        [
            Of("settings", async stop => [await ServerChecks.SettingsAsync(database, stop)]),
            Of("clock", async stop => [await ClusterChecks.ClockAsync(database, time, stop)]),
            Of("nodes", stop => ClusterChecks.NodesAsync(database, stop)),
            Of("firing", async stop => [await LedgerChecks.OverdueAsync(database, stop)]),
            Of("triggers", async stop => [await LedgerChecks.TriggersAsync(database, stop)]),
            Of("duplicates", async stop => [await DuplicateChecks.IndexesAsync(database, stop)]),
            new("told twice", stop => DuplicateChecks.ToldTwiceAsync(database, stop), Long, IsDeep: true),
            Of("waiting", stop => WaitingChecks.LookAsync(database, stop)),
            Of("updates", stop => SourceChecks.LookAsync(database, stop)),
            Of("zones", async stop => [await LedgerChecks.ZonesAsync(database, stop)]),
            Of("channels", stop => ChannelChecks.LookAsync(database, stop)),
            Of("kinds", async stop => [await LedgerChecks.KindsAsync(database, kinds, stop)]),
        ];

    private static Check Of(string name, Func<CancellationToken, Task<IReadOnlyList<Finding>>> look) => new(name, look, Soon);

    private static Check Asked(IProviderCheck provider) => new(provider.Provider, provider.LookAsync, Soon);

    private static Finding Late(Check check) =>
        Finding.Bad(
            "check_late",
            check.Name,
            $"could not be looked at within {check.Bound.TotalSeconds:0} s, so nobody knows.",
            new("Is the server overloaded, or does somebody hold a lock? pg_stat_activity shows both.")
        );

    private static Finding Failed(Check check, Exception exception) =>
        Finding.Bad(
            "check_failed",
            check.Name,
            $"could not be looked at, so nobody knows: {Why(exception)}.",
            new("What the database refuses is for whoever owns it; anything else is a bug.")
        );

    private static string Why(Exception exception) =>
        OutsideText
            .Clean(
                exception switch
                {
                    PostgresException refusal => $"{refusal.SqlState} {refusal.MessageText}",
                    NpgsqlException away => away.Message,
                    _ => $"{exception.GetType().Name}: {exception.Message}",
                }
            )
            .TrimEnd('.');
}
