using System.Text.Json;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Texts;

/// <summary>Reads what was set.</summary>
internal static class TextBoard
{
    /// <summary>What stands, of every kind and language of which anything was ever set.</summary>
    public static Task<IReadOnlyList<TextVersion>> StandingAsync(
        Func<string, NpgsqlCommand> command,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            command(
                """
                SELECT DISTINCT ON (kind, locale) kind, locale, version, texts::text, set_by, set_at, reason
                FROM reminders.text_version ORDER BY kind, locale, version DESC
                """
            ),
            cancellationToken
        );

    /// <summary>Every version of a kind's texts in a language, the newest first.</summary>
    public static Task<IReadOnlyList<TextVersion>> HistoryAsync(
        Func<string, NpgsqlCommand> command,
        string kind,
        string locale,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            command(
                    """
                    SELECT kind, locale, version, texts::text, set_by, set_at, reason
                    FROM reminders.text_version WHERE kind = $1 AND locale = $2 ORDER BY version DESC LIMIT 1000
                    """
                )
                .With(kind, locale),
            cancellationToken
        );

    /// <summary>One version; null where there is none.</summary>
    public static async Task<TextVersion?> FindAsync(
        Func<string, NpgsqlCommand> command,
        string kind,
        string locale,
        int version,
        CancellationToken cancellationToken
    ) =>
        (
            await ReadAsync(
                command(
                        """
                        SELECT kind, locale, version, texts::text, set_by, set_at, reason
                        FROM reminders.text_version WHERE kind = $1 AND locale = $2 AND version = $3
                        """
                    )
                    .With(kind, locale, version),
                cancellationToken
            )
        ).FirstOrDefault();

    /// <summary>Every version of some kinds' texts that has stood since then, in whichever language, and what nodes ever had
    /// themselves.</summary>
    public static async Task<TextPast> SinceAsync(
        Func<string, NpgsqlCommand> command,
        string[] kinds,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) =>
        new(
            await ReadAsync(command(Statement.Named("Texts/Sql/since.sql")).With(kinds, since.UtcDateTime), cancellationToken),
            await StaysAsync(
                command(
                        """
                        SELECT kind, locale, prints::text, first_seen, last_seen
                        FROM reminders.text_seen WHERE kind = ANY ($1) ORDER BY last_seen DESC LIMIT 1000
                        """
                    )
                    .With((object)kinds),
                cancellationToken
            )
        );

    private static async Task<IReadOnlyList<TextStay>> StaysAsync(NpgsqlCommand query, CancellationToken cancellationToken)
    {
        await using var read = query;
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var found = new List<TextStay>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    JsonSerializer.Deserialize<Dictionary<string, string?>>(reader.GetString(2))!,
                    reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetFieldValue<DateTimeOffset>(4)
                )
            );
        }

        return found;
    }

    private static async Task<IReadOnlyList<TextVersion>> ReadAsync(NpgsqlCommand query, CancellationToken cancellationToken)
    {
        await using var read = query;
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var found = new List<TextVersion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetInt32(2),
                    JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(3))!,
                    reader.GetString(4),
                    reader.GetFieldValue<DateTimeOffset>(5),
                    reader.GetString(6)
                )
            );
        }

        return found;
    }
}
