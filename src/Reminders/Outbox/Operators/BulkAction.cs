using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using Reminders.Commands;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>Which messages a decision is over: those that match all that is given, as of then.</summary>
/// <param name="ReasonContains">Only those whose reason contains this, whatever the case.</param>
/// <param name="Ids">Only these: somebody has ticked them.</param>
/// <param name="AsOf">As they were listed then: what came to be so later is not among them.</param>
internal sealed record BulkSelection(string? Kind, string? Channel, string? ReasonContains, IReadOnlyList<long>? Ids, DateTimeOffset AsOf);

/// <summary>One decision over many messages, and how far it is.</summary>
/// <param name="Act">arrived, lost, resend or replay.</param>
/// <param name="Total">How many matched when it was made.</param>
/// <param name="StoppedBy">Who has stopped it before its end.</param>
/// <param name="EndedAt">Null while it goes on.</param>
internal sealed record BulkStatus(
    long Id,
    string Act,
    BulkSelection Selection,
    string Reason,
    string AskedBy,
    DateTimeOffset AskedAt,
    int Total,
    string? StoppedBy,
    DateTimeOffset? EndedAt,
    long Done,
    long Refused
);

/// <param name="Why">Without the numbers in which they differ.</param>
/// <param name="First">One of them, in full.</param>
internal sealed partial record BulkRefusal(string Why, long Count, string First, long MessageId)
{
    /// <summary>A number, or several in a row as an instant has them: read by PostgreSQL, and here, alike.</summary>
    public const string Numbered = "[0-9][0-9:. -]*[0-9]|[0-9]";

    /// <summary>As it is of one; of several without the numbers, in which they differ.</summary>
    public Sentence Said =>
        Count == 1 ? Reasons.Meaning(First)
        : Reasons.Read(First) is { } read ? Unnumbered(read)
        : Reasons.Meaning(Why);

    private static Sentence Unnumbered(Sentence one) =>
        one with
        {
            Values =
            [
                .. one.Values.Select(value =>
                    value switch
                    {
                        long or DateTimeOffset => "…",
                        Sentence inner => Unnumbered(inner),
                        string text => Numbers().Replace(text, "…"),
                        _ => value,
                    }
                ),
            ],
        };

    [GeneratedRegex(Numbered)]
    private static partial Regex Numbers();
}

/// <summary>What there is of decisions over many messages.</summary>
internal sealed class BulkActions(CommandTransaction db)
{
    /// <summary>What a decision may be.</summary>
    public static readonly string[] Acts = ["arrived", "lost", "resend", "replay"];

    /// <summary>How many one takes.</summary>
    public const int Most = 100_000;

    /// <summary>How many are looked through before one: as far as a page can wait.</summary>
    public const int LookedThrough = 10_000;

    private static readonly string Status = Statement.Named("Outbox/Operators/Sql/bulk-status.sql");

    /// <summary>
    /// What matches now: all of it where it is named or among the first <see cref="LookedThrough"/>, else what is known of those,
    /// which may be that none of them does.
    /// </summary>
    public async Task<BulkLook> LookAsync(string act, BulkSelection selection, CancellationToken cancellationToken)
    {
        if (selection.Ids is null)
        {
            return await FirstAsync(act, selection, cancellationToken);
        }

        await using var all = db.Command(Statement.Named("Outbox/Operators/Sql/bulk-all.sql")).With(Matching(act, selection));
        return BulkLook.Of((long[])(await all.ExecuteScalarAsync(cancellationToken))!, isAll: true);
    }

    private async Task<BulkLook> FirstAsync(string act, BulkSelection selection, CancellationToken cancellationToken)
    {
        await using var look = db.Command(Statement.Named("Outbox/Operators/Sql/bulk-look.sql"))
            .With([.. Matching(act, selection).Take(4), selection.AsOf.UtcDateTime, LookedThrough]);
        await using var reader = await look.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return BulkLook.Of(reader.GetFieldValue<long[]>(0), reader.GetBoolean(1));
    }

    /// <summary>What bulk-matching.sql asks.</summary>
    public static object?[] Matching(string act, BulkSelection selection) =>
        [
            act != "replay",
            NullIfBlank(selection.Kind),
            NullIfBlank(selection.Channel),
            ReasonSearch.Patterns(selection.ReasonContains),
            selection.Ids?.ToArray(),
            selection.AsOf.UtcDateTime,
            Most,
        ];

    public async Task<BulkStatus?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var read = db.Command(Status).With(id);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Those who follow it.</summary>
    /// <param name="begun">And the runners of every node.</param>
    public async Task TellAsync(bool begun, CancellationToken cancellationToken)
    {
        await using var tell = db.Command($"SELECT pg_notify('reminders_console', '{(begun ? Signals.BulkBegun : "")}')");
        await tell.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<BulkRefusal>> RefusalsAsync(long id, CancellationToken cancellationToken)
    {
        await using var read = db.Command(Statement.Named("Outbox/Operators/Sql/bulk-refusals.sql")).With(id, BulkRefusal.Numbered);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var refusals = new List<BulkRefusal>();
        while (await reader.ReadAsync(cancellationToken))
        {
            refusals.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3)));
        }

        return refusals;
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static BulkStatus Read(NpgsqlDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            JsonSerializer.Deserialize<BulkSelection>(reader.GetString(2))!,
            reader.GetString(3),
            reader.GetString(4),
            reader.GetFieldValue<DateTimeOffset>(5),
            reader.GetInt32(6),
            reader.IsDBNull(7) ? null : reader.GetString(7),
            reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
            reader.GetInt64(9),
            reader.GetInt64(10)
        );
}
