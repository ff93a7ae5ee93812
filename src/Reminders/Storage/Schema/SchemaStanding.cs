using System.Globalization;
using Npgsql;
using Reminders.Words;

namespace Reminders.Storage.Schema;

/// <summary>This build cannot work with this database's schema. The message is one line and says what to do.</summary>
public sealed class SchemaException(string message) : Exception(message);

/// <summary>One row of <c>reminders.migration</c>.</summary>
/// <param name="Checksum">Null for what was applied before checksums were kept.</param>
/// <param name="WorksBeside">Null likewise.</param>
internal readonly record struct AppliedScript(int Number, string Name, string? Checksum, int? WorksBeside);

/// <summary>
/// Where a database stands against this build, by the scripts it was made with. A build works with a database that has all
/// of its own scripts, with their checksums, and of a newer build's only those that say they work beside it.
/// </summary>
/// <param name="Missing">Scripts of this build that the database lacks.</param>
/// <param name="Newer">Scripts of a newer build that it has.</param>
/// <param name="Problem">Why this build must not work with it, in one line; null when it may.</param>
internal sealed record SchemaStanding(IReadOnlyList<SchemaScript> Missing, IReadOnlyList<AppliedScript> Newer, Sentence? Problem)
{
    public static SchemaStanding Of(IReadOnlyList<AppliedScript> applied, IReadOnlyList<SchemaScript> known)
    {
        var there = applied.ToDictionary(script => script.Number);
        var highest = known[^1].Number;
        // Not only those with higher numbers: scripts of one release are written side by side.
        var newer = applied.Where(script => known.All(own => own.Number != script.Number)).ToArray();
        return new(
            [.. known.Where(script => !there.ContainsKey(script.Number))],
            newer,
            OtherScript(there, known) ?? TooNew(newer, highest)
        );
    }

    private static Sentence? OtherScript(Dictionary<int, AppliedScript> there, IReadOnlyList<SchemaScript> known)
    {
        var other = known.FirstOrDefault(script =>
            there.TryGetValue(script.Number, out var row) && row.Checksum is { } sum && sum != script.Checksum
        );
        return other is null ? null : new("schema.other_script", other.Name, there[other.Number].Checksum, other.Checksum);
    }

    private static Sentence? TooNew(AppliedScript[] newer, int highest)
    {
        var refusing = newer.Where(script => script.WorksBeside is not { } from || from > highest).ToArray();
        return refusing is []
            ? null
            : new(
                "schema.too_new",
                refusing[^1].Name,
                Numbered(refusing.Max(script => script.WorksBeside ?? script.Number)),
                Numbered(highest)
            );
    }

    private static string Numbered(int script) => script.ToString("000", CultureInfo.InvariantCulture);

    /// <summary>Reads a database in whatever state it is: without the table there is no script, without the columns no checksum.</summary>
    public static async Task<IReadOnlyList<AppliedScript>> ReadAsync(
        Database database,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using (var exists = database.CreateCommand("SELECT to_regclass('reminders.migration') IS NOT NULL", connection))
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return [];
            }
        }
        await using var command = database.CreateCommand(
            """
            SELECT number, name, to_jsonb(m) ->> 'checksum', (to_jsonb(m) ->> 'works_beside')::int FROM reminders.migration m
                ORDER BY number
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new List<AppliedScript>();
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(
                new(
                    reader.GetInt32(0),
                    reader.GetString(1),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.IsDBNull(3) ? null : reader.GetInt32(3)
                )
            );
        }

        return applied;
    }
}
