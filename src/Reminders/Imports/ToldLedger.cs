using System.Globalization;
using Npgsql;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Imports;

/// <summary>A row whose subject and recipient are known: an occurrence to be.</summary>
/// <param name="Says">What the ledger calls <c>told</c>: the same is not said twice.</param>
internal sealed record KnownTold(
    Told Row,
    long SubjectId,
    long Version,
    long RecipientId,
    string Says,
    bool Fenced,
    DateTimeOffset UsefulUntil
)
{
    public (long, string, long, long) Identity => (SubjectId, Row.Kind.Name, Version, RecipientId);
}

/// <summary>
/// Writes what another system told, set-based and in batches, in the caller's transaction. Subjects are locked in the order of their ids,
/// so that approving or asking comes before or after, and never between.
/// </summary>
internal sealed class ToldLedger(CommandTransaction db, Caller caller, NodeName node)
{
    private const int Batch = 5_000;

    /// <summary>Of what was told, that which was told before the engine knew the booking: before every version.</summary>
    private const long BeforeAll = 0;

    /// <summary>The bookings and the people in them, of those rows that are about bookings. What is not there is a problem.</summary>
    public async Task<List<KnownTold>> KnownBookingsAsync(List<Told> told, ToldProblems problems, CancellationToken cancellationToken)
    {
        var known = new List<KnownTold>();
        foreach (var batch in told.Where(row => !row.Kind.IsAskedFor).OrderBy(row => row.Subject, StringComparer.Ordinal).Chunk(Batch))
        {
            await LockAsync(["booking"], [.. batch.Select(row => row.Subject).Distinct()], cancellationToken);
            await using var read = db.Command(Statement.Named("Imports/Sql/read-bookings.sql"))
                .With(
                    batch.Select(row => row.Subject).ToArray(),
                    batch.Select(row => row.Recipient).ToArray(),
                    batch.Select(row => row.Kind.To).ToArray(),
                    caller.Owner
                );
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            foreach (var row in batch)
            {
                await reader.ReadAsync(cancellationToken);
                if (Known(row, reader, problems) is { } one)
                {
                    known.Add(one);
                }
            }
        }
        return known;
    }

    /// <summary>Finds or makes the subjects and the people of other rows, and begins the windows.</summary>
    public async Task<List<KnownTold>> OpenSubjectsAsync(Told[] told, CancellationToken cancellationToken)
    {
        var known = new List<KnownTold>(told.Length);
        var ordered = told.OrderBy(row => row.Kind.Subject, StringComparer.Ordinal).ThenBy(row => row.Subject, StringComparer.Ordinal);
        foreach (var batch in ordered.Chunk(Batch))
        {
            await MakeAsync(batch, cancellationToken);
            await using var read = db.Command(Statement.Named("Imports/Sql/read-subjects.sql"))
                .With(
                    batch.Select(row => row.Kind.Subject).ToArray(),
                    batch.Select(row => row.Subject).ToArray(),
                    batch.Select(row => row.Recipient).ToArray(),
                    caller.Owner
                );
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            foreach (var row in batch)
            {
                await reader.ReadAsync(cancellationToken);
                var version = row.Kind.Identity == IdentityPolicy.Version ? row.Version ?? reader.GetInt64(1) : 1;
                known.Add(Asked(row, reader.GetInt64(0), version, reader.GetInt64(2)));
            }
        }
        return await ArmAsync(known, cancellationToken);
    }

    /// <returns>How many are new, and how many were planned and are taken back.</returns>
    public async Task<(int Fresh, int TakenBack)> WriteAsync(IEnumerable<KnownTold> told, CancellationToken cancellationToken)
    {
        var (fresh, takenBack) = (0, 0);
        // Of several rows of one identity the last counts.
        var latest = told.GroupBy(one => one.Identity).Select(same => same.MaxBy(one => one.Row.SentAt)!).OrderBy(one => one.SubjectId);
        foreach (var batch in latest.Chunk(Batch))
        {
            await using var write = db.Command(Statement.Named("Imports/Sql/write-told.sql"))
                .With(
                    batch.Select(one => one.Row.Kind.Name).ToArray(),
                    batch.Select(one => one.SubjectId).ToArray(),
                    batch.Select(one => one.Version).ToArray(),
                    batch.Select(one => one.RecipientId).ToArray(),
                    batch.Select(one => one.Says).ToArray(),
                    batch.Select(one => one.Fenced).ToArray(),
                    batch.Select(one => one.Row.Kind.Buttons.Count > 0).ToArray(),
                    batch.Select(one => string.Join(',', one.Row.Kind.WantedIn)).ToArray(),
                    batch.Select(one => one.Row.SentAt).ToArray(),
                    batch.Select(one => one.UsefulUntil).ToArray(),
                    batch.Select(one => one.Row.Channel).ToArray(),
                    $"{caller.Name} @ {node}"
                );
            await using var reader = await write.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            (fresh, takenBack) = (fresh + reader.GetInt32(0), takenBack + reader.GetInt32(1));
        }
        return (fresh, takenBack);
    }

    private async Task MakeAsync(Told[] batch, CancellationToken cancellationToken)
    {
        var people = batch.DistinctBy(row => row.Recipient).ToArray();
        await using (
            var make = db.Command(Statement.Named("Imports/Sql/make-people.sql"))
                .With(people.Select(row => row.Recipient).ToArray(), people.Select(row => row.Name).ToArray(), caller.Owner)
        )
        {
            await make.ExecuteNonQueryAsync(cancellationToken);
        }

        var subjects = batch.DistinctBy(row => (row.Kind.Subject, row.Subject)).ToArray();
        var (types, keys) = (subjects.Select(row => row.Kind.Subject).ToArray(), subjects.Select(row => row.Subject).ToArray());
        await using (var make = db.Command(Statement.Named("Imports/Sql/make-subjects.sql")).With(types, keys, caller.Owner, caller.Name))
        {
            await make.ExecuteNonQueryAsync(cancellationToken);
        }

        await LockAsync([.. types.Distinct()], keys, cancellationToken);
    }

    private async Task LockAsync(string[] types, string[] keys, CancellationToken cancellationToken)
    {
        await using var locked = db.Command(
                """
                SELECT FROM reminders.subject
                WHERE type = ANY ($1) AND key = ANY ($2) AND owner = $3 ORDER BY id FOR NO KEY UPDATE
                """
            )
            .With(types, keys, caller.Owner);
        await locked.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives those that have a window the number that it begins with. Whose window began later already, are there.</summary>
    private async Task<List<KnownTold>> ArmAsync(List<KnownTold> known, CancellationToken cancellationToken)
    {
        var windows = known
            .Where(one => one.Row.Kind.Identity == IdentityPolicy.Window)
            .GroupBy(one => (one.Row.Kind.Name, one.SubjectId, one.RecipientId, one.Row.Fingerprint))
            .ToDictionary(same => same.Key, same => same.MaxBy(one => one.Row.SentAt)!);
        var armed = known.Where(one => one.Row.Kind.Identity != IdentityPolicy.Window).ToList();
        foreach (var batch in windows.Values.OrderBy(one => one.SubjectId).Chunk(Batch))
        {
            await using var arm = db.Command(Statement.Named("Imports/Sql/arm-told.sql"))
                .With(
                    batch.Select(one => one.Row.Kind.Name).ToArray(),
                    batch.Select(one => one.SubjectId).ToArray(),
                    batch.Select(one => one.RecipientId).ToArray(),
                    batch.Select(one => one.Row.Fingerprint).ToArray(),
                    batch.Select(one => one.Row.SentAt).ToArray()
                );
            await using var reader = await arm.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var one = windows[(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3))];
                armed.Add(Asked(one.Row, one.SubjectId, reader.GetInt64(4), one.RecipientId));
            }
        }
        return armed;
    }

    private static KnownTold Asked(Told row, long subject, long version, long recipient) =>
        new(
            row,
            subject,
            version,
            recipient,
            string.Create(CultureInfo.InvariantCulture, $"v{version}"),
            Fenced: false,
            row.SentAt + row.Kind.UsefulFor
        );

    private static KnownTold? Known(Told row, NpgsqlDataReader reader, ToldProblems problems)
    {
        if (reader.IsDBNull(0))
        {
            problems.Add(row.Place, "subject", "wrong.no_booking_of", row.Subject);
            return null;
        }

        if (reader.IsDBNull(5))
        {
            problems.Add(row.Place, "recipient", "wrong.not_the_party", FieldErrors.Cut(row.Recipient), row.Kind.To, row.Subject);
            return null;
        }

        var (version, happensAt) = (reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
        // Another system may keep fewer digits of a second.
        var isNow = row.Version is { } given ? given == version : (row.StartsAt!.Value - happensAt).Duration() < TimeSpan.FromSeconds(1);
        var start = isNow || row.StartsAt is not { } told ? happensAt : told;
        var says = isNow
            ? reader.GetString(3)
            : string.Create(CultureInfo.InvariantCulture, $"{start.ToUnixTimeSeconds()}/{reader.GetInt32(4)}");
        var of = isNow ? version : row.Version ?? BeforeAll;
        return new(
            row,
            reader.GetInt64(0),
            of,
            reader.GetInt64(5),
            // As ReminderPlan: what tells of an event, and not of the instant, is another event in each version.
            row.Kind.Before
                is null
                ? string.Create(CultureInfo.InvariantCulture, $"{says}/v{of}")
                : says,
            Fenced: true,
            start - row.Kind.UsefulUntilBefore
        );
    }
}
