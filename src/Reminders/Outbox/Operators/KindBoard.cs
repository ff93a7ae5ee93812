using Npgsql;
using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>How a kind stands.</summary>
/// <param name="Since">Since when it is paused; null where it is not.</param>
/// <param name="Until">Until when; null: until somebody resumes it.</param>
/// <param name="Waiting">Messages of it that are due, or will be; at most 10,001 are counted.</param>
internal sealed record KindStatus(
    string Name,
    IReadOnlyList<string> Channels,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    string? By,
    string? Reason,
    long Waiting
)
{
    /// <summary>How it stands, to go after its name; null while it is not paused.</summary>
    public Sentence? Stands => Since is { } since ? new("stand.paused", since, By, Until, Reason) : null;

    /// <summary>In a sentence, without its queue; null while it is not paused.</summary>
    public string? Says(Wording words) => Stands is { } stands ? $"{words.Of(stands)}." : null;
}

/// <summary>Reads the kinds' pauses for people: the API, the command line, doctor, the story and the console.</summary>
internal static class KindBoard
{
    /// <summary>Those that are paused, whether they are set up here or not; what of them waits is not counted.</summary>
    /// <param name="command">Makes a command, on a connection or in a transaction.</param>
    public static async Task<IReadOnlyList<KindStatus>> PausedAsync(
        Func<string, NpgsqlCommand> command,
        CancellationToken cancellationToken
    )
    {
        await using var read = command("SELECT kind, since, until, paused_by, reason FROM reminders.paused_kind ORDER BY kind");
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var kinds = new List<KindStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            kinds.Add(
                new(
                    reader.GetString(0),
                    [],
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    Waiting: 0
                )
            );
        }

        return kinds;
    }

    private static readonly string Kinds = Statement.Named("Outbox/Operators/Sql/kinds.sql");

    /// <param name="command">Makes a command, on a connection or in a transaction.</param>
    public static async Task<IReadOnlyList<KindStatus>> ReadAsync(
        Func<string, NpgsqlCommand> command,
        IEnumerable<KindDefinition> declared,
        CancellationToken cancellationToken
    )
    {
        var all = declared.OrderBy(kind => kind.Name, StringComparer.Ordinal).ToArray();
        await using var read = command(Kinds)
            .With(all.Select(kind => kind.Name).ToArray(), all.SelectMany(kind => kind.Channels).Distinct().ToArray());
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var kinds = new List<KindStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            kinds.Add(
                new(
                    all[kinds.Count].Name,
                    [.. all[kinds.Count].Channels],
                    At(0),
                    At(1),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.IsDBNull(3) ? null : reader.GetString(3),
                    reader.GetInt64(4)
                )
            );
        }

        return kinds;

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }
}
