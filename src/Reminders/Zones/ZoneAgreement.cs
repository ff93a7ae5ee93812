using System.Collections.Concurrent;
using System.Globalization;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Zones;

/// <summary>
/// Whether this node and PostgreSQL read the same clock in a zone. Each has a zone database of its own, of its own age: the
/// node writes the times people read, PostgreSQL keeps their quiet hours. Where they differ nothing is guessed: refused at the
/// door, and what waits already goes on waiting.
/// </summary>
internal sealed class ZoneAgreement(Database dataSource, TimeProvider time)
{
    /// <summary>How an attempt is called that ended here.</summary>
    public const string Outcome = "zone unknown";

    /// <summary>How long a verdict counts: an updated PostgreSQL is noticed within it; the node's own data only by a restart.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    // More than there are zones in use anywhere; what comes from outside is bounded all the same.
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, (long At, string? Problem)> _verdicts = new(StringComparer.Ordinal);

    // A burst asks for one zone two hundred times at once; that is one question, not two hundred connections.
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _asked = new(StringComparer.Ordinal);

    /// <returns>What is wrong, as the end of a sentence; null when both agree.</returns>
    /// <param name="db">
    /// Inside a command its own connection: a second one, asked for while the first is kept, is a deadlock as soon as all of
    /// the pool are in the hands of commands that do so.
    /// </param>
    public async ValueTask<string?> ProblemAsync(string zone, CancellationToken cancellationToken, CommandTransaction? db = null)
    {
        if (_verdicts.TryGetValue(zone, out var known) && time.GetElapsedTime(known.At) < Kept)
        {
            return known.Problem;
        }

        var problem = db is null
            ? await CompareOnceAsync(zone).WaitAsync(cancellationToken)
            : await CompareAsync(zone, db, cancellationToken);
        if (_verdicts.Count >= Most)
        {
            _verdicts.Clear();
        }

        _verdicts[zone] = (time.GetTimestamp(), problem);
        return problem;
    }

    /// <summary>What is wrong with the zones of a request, by field.</summary>
    public async Task<WrongFields> ProblemsAsync(
        CommandTransaction db,
        IEnumerable<(string Field, string? Zone)> given,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        foreach (var (field, zone) in given)
        {
            if (zone is not null && await ProblemAsync(zone, cancellationToken, db) is { } problem)
            {
                errors.Add(field, "wrong.zone_data", zone, Reasons.Meaning(problem));
            }
        }
        return errors.All;
    }

    private async Task<string?> CompareOnceAsync(string zone)
    {
        var asked = _asked.GetOrAdd(
            zone,
            static (zone, zones) => new(() => zones.CompareAsync(zone, db: null, CancellationToken.None)),
            this
        );
        try
        {
            return await asked.Value;
        }
        finally
        {
            _asked.TryRemove(new(zone, asked));
        }
    }

    // The first of each month of the coming year and a bit: every rule that can matter to what may be planned today.
    private async Task<string?> CompareAsync(string zone, CommandTransaction? db, CancellationToken cancellationToken)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var here))
        {
            return Reasons.Of("zone_unknown", zone);
        }

        const string Compare = """
            SELECT instant, reminders.local_time($1, instant) AS local
            FROM generate_series(date_trunc('hour', now()), now() + interval '13 months', interval '1 month') AS instant
            """;
        await using var ask = (db is null ? dataSource.CreateCommand(Compare) : db.Command(Compare)).With(zone);
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.IsDBNull(1))
            {
                return Reasons.Of("zone_unknown_there", zone);
            }

            var instant = reader.GetFieldValue<DateTimeOffset>(0);
            var (local, there) = (TimeZoneInfo.ConvertTime(instant, here).DateTime, reader.GetDateTime(1));
            if (local != there)
            {
                return Reasons.Of(
                    "zone_disagrees",
                    zone,
                    instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture),
                    local.ToString("HH:mm", CultureInfo.InvariantCulture),
                    there.ToString("HH:mm", CultureInfo.InvariantCulture)
                );
            }
        }
        return null;
    }
}
