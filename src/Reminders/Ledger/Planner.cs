using Npgsql;
using NpgsqlTypes;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Ledger;

/// <summary>What planning did: what is new, what was there before, and which instants nobody had asked for yet.</summary>
/// <param name="FirstInstants">The (kind, due second) pairs this call was the first to need: it ensures their triggers.</param>
/// <param name="DueNow">The kinds with something due already: they are fired right after the commit.</param>
internal sealed record PlanResult(int Planned, int Suppressed, IReadOnlyList<DueInstant> FirstInstants, IReadOnlyList<string> DueNow)
{
    /// <summary>The suppressed by kind and rule, to be counted once it is committed.</summary>
    public IReadOnlyList<SuppressedKind> SuppressedKinds { get; init; } = [];

    /// <summary>Dispatchers look that far ahead by themselves, and Quartz has its trigger by then.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>Something is due before then, or already.</summary>
    public bool IsDueSoon { get; init; }
}

/// <param name="Rule">As <see cref="SuppressionMetrics"/> names it.</param>
internal readonly record struct SuppressedKind(string Kind, string Rule, int Count);

/// <summary>One second at which a kind has something due: one Quartz trigger.</summary>
internal readonly record struct DueInstant(string Kind, DateTimeOffset DueSecond);

/// <summary>
/// Writes occurrences into the ledger: set-based, in the caller's transaction, after the caller has locked or changed
/// the subjects. Identity is the UNIQUE index; what is there already is counted as suppressed and otherwise left alone.
/// </summary>
internal sealed class Planner(KindCatalog kinds, NodeName node, SchemaNames names)
{
    private static readonly string Insert = Statement.Named("Ledger/Sql/plan.sql");
    private static readonly string InsertLate = Statement.Named("Ledger/Sql/plan.sql", "late");

    /// <param name="connection">With the caller's transaction open on it.</param>
    /// <inheritdoc cref="PlanAsync(NpgsqlBatch, long[], string, string, CancellationToken, NpgsqlBatchCommand)"/>
    public async Task<PlanResult> PlanAsync(
        NpgsqlConnection connection,
        long[] subjectIds,
        string on,
        string by,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        return await PlanAsync(batch, subjectIds, on, by, cancellationToken);
    }

    /// <param name="before">In the caller's transaction: what is to be done first, none of it answering with rows.</param>
    /// <param name="subjectIds">The subjects the event happened to.</param>
    /// <param name="on">The status reached or the event, as kinds name it in <see cref="KindDefinition.On"/>.</param>
    /// <param name="by">Who caused it, for the ledger.</param>
    /// <param name="after">What is to be done in the same round trip, whatever it answers.</param>
    public async Task<PlanResult> PlanAsync(
        NpgsqlBatch before,
        long[] subjectIds,
        string on,
        string by,
        CancellationToken cancellationToken,
        NpgsqlBatchCommand? after = null
    )
    {
        var (now, subjects) = await SubjectsAsync(before, subjectIds, after, cancellationToken);
        return await PlanAsync(before.Connection!, subjects, now, on, by, cancellationToken);
    }

    /// <param name="subjects">As they are, read in the caller's transaction after they were locked or changed.</param>
    /// <param name="now">The transaction's.</param>
    /// <inheritdoc cref="PlanAsync(NpgsqlBatch, long[], string, string, CancellationToken, NpgsqlBatchCommand)"/>
    public async Task<PlanResult> PlanAsync(
        NpgsqlConnection connection,
        IReadOnlyList<SubjectNow> subjects,
        DateTimeOffset now,
        string on,
        string by,
        CancellationToken cancellationToken
    )
    {
        var plan = subjects.SelectMany(subject => ReminderPlan.For(subject, kinds.PlannedOn(subject.Type, on), now)).ToArray();
        if (plan.Length == 0)
        {
            return new(0, 0, [], []);
        }

        var first = new List<DueInstant>();
        var dueNow = new HashSet<string>();
        var planned = new Dictionary<string, int>();
        var inTheWay = plan.Select(Identity.Of).ToHashSet();
        await using (var insert = InsertCommand(connection, plan, $"{by} @ {node}"))
        await using (var reader = await insert.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (kind, dueAt, isFirst) = (reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2));
                planned[kind] = planned.GetValueOrDefault(kind) + 1;
                inTheWay.Remove(new(kind, reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
                // Skipped for being too late counts as well: somebody has to be told of it.
                if (dueAt <= now)
                {
                    dueNow.Add(kind);
                }
                else if (isFirst)
                {
                    first.Add(new(kind, dueAt));
                }
            }
        }
        if (inTheWay.Count > 0)
        {
            await CountSuppressedAsync(connection, [.. inTheWay], $"{by} @ {node}", cancellationToken);
        }

        return new(planned.Values.Sum(), plan.Length - planned.Values.Sum(), [.. first.Distinct()], [.. dueNow])
        {
            IsDueSoon = plan.Any(one => one.DueAt - now < PlanResult.Soon),
            SuppressedKinds =
            [
                .. from kind in plan.GroupBy(one => one.Kind.Name)
                select new SuppressedKind(kind.Key, SuppressionMetrics.SameVersion, kind.Count() - planned.GetValueOrDefault(kind.Key)),
            ],
        };
    }

    private async Task<(DateTimeOffset Now, List<SubjectNow> Subjects)> SubjectsAsync(
        NpgsqlBatch batch,
        long[] ids,
        NpgsqlBatchCommand? after,
        CancellationToken cancellationToken
    )
    {
        batch.BatchCommands.Add(names.BatchCommand(Statement.Named("Ledger/Sql/plan-subjects.sql")).With(ids));
        if (after is not null)
        {
            batch.BatchCommands.Add(after);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var subjects = new List<SubjectNow>(ids.Length);
        var now = DateTimeOffset.MinValue;
        while (await reader.ReadAsync(cancellationToken))
        {
            now = reader.GetFieldValue<DateTimeOffset>(0);
            var roles = reader.GetFieldValue<string[]>(7);
            var recipients = reader.GetFieldValue<long[]>(8);
            subjects.Add(
                new(
                    reader.GetInt64(1),
                    reader.GetString(2),
                    reader.GetInt64(3),
                    reader.GetString(4),
                    reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                    reader.GetString(6),
                    [.. roles.Zip(recipients, (role, recipient) => new PartyNow(role, recipient))]
                )
            );
        }
        return (now, subjects);
    }

    private NpgsqlCommand InsertCommand(NpgsqlConnection connection, PlannedOccurrence[] plan, string by)
    {
        var command = names.Command(plan.Any(o => o.SkippedBecause is not null) ? InsertLate : Insert, connection);
        Add(NpgsqlDbType.Text, plan.Select(o => o.Kind.Name).ToArray());
        Add(NpgsqlDbType.Bigint, plan.Select(o => o.SubjectId).ToArray());
        Add(NpgsqlDbType.Bigint, plan.Select(o => o.Version).ToArray());
        Add(NpgsqlDbType.Bigint, plan.Select(o => o.RecipientId).ToArray());
        Add(NpgsqlDbType.Text, plan.Select(o => o.SkippedBecause).ToArray());
        Add(NpgsqlDbType.Text, plan.Select(o => string.Join(',', o.Kind.WantedIn)).ToArray());
        Add(NpgsqlDbType.Text, plan.Select(o => o.Fingerprint).ToArray());
        Add(NpgsqlDbType.Boolean, plan.Select(o => o.Kind.Buttons.Count > 0).ToArray());
        Add(NpgsqlDbType.TimestampTz, plan.Select(o => o.DueAt.ToUniversalTime()).ToArray());
        Add(NpgsqlDbType.TimestampTz, plan.Select(o => o.UsefulUntil.ToUniversalTime()).ToArray());
        command.Parameters.Add(new() { Value = by });
        return command;

        void Add(NpgsqlDbType element, object value) =>
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | element });
    }

    /// <summary>Which rows were in the way, in a statement of its own: it must see what was committed meanwhile.</summary>
    private async Task CountSuppressedAsync(
        NpgsqlConnection connection,
        Identity[] inTheWay,
        string by,
        CancellationToken cancellationToken
    )
    {
        await using var command = names.Command(Statement.Named("Ledger/Sql/plan-suppressed.sql"), connection);
        command.Parameters.Add(new() { Value = inTheWay.Select(o => o.Kind).ToArray() });
        command.Parameters.Add(new() { Value = inTheWay.Select(o => o.SubjectId).ToArray() });
        command.Parameters.Add(new() { Value = inTheWay.Select(o => o.Version).ToArray() });
        command.Parameters.Add(new() { Value = inTheWay.Select(o => o.RecipientId).ToArray() });
        command.Parameters.Add(new() { Value = by });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What an occurrence is unique by. Planned by this very statement, it is no duplicate of itself.</summary>
    private readonly record struct Identity(string Kind, long SubjectId, long Version, long RecipientId)
    {
        public static Identity Of(PlannedOccurrence one) => new(one.Kind.Name, one.SubjectId, one.Version, one.RecipientId);
    }
}
