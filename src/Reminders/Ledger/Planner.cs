using Npgsql;
using NpgsqlTypes;
using Reminders.Kinds;
using Reminders.Settings;

namespace Reminders.Ledger;

/// <summary>What planning did: what is new, what was there before, and which instants nobody had asked for yet.</summary>
/// <param name="FirstInstants">The (kind, due second) pairs this call was the first to need: it ensures their triggers.</param>
/// <param name="DueNow">The kinds with something due already: they are fired right after the commit.</param>
internal sealed record PlanResult(
    int Planned, int Suppressed, IReadOnlyList<DueInstant> FirstInstants, IReadOnlyList<string> DueNow)
{
    /// <summary>The suppressed by kind and rule, to be counted once it is committed.</summary>
    public IReadOnlyList<SuppressedKind> SuppressedKinds { get; init; } = [];
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
    /// <param name="connection">With the caller's transaction open on it.</param>
    /// <param name="subjectIds">The subjects the event happened to.</param>
    /// <param name="on">The status reached or the event, as kinds name it in <see cref="KindDefinition.On"/>.</param>
    /// <param name="by">Who caused it, for the ledger.</param>
    public async Task<PlanResult> PlanAsync(
        NpgsqlConnection connection, long[] subjectIds, string on, string by, CancellationToken cancellationToken)
    {
        var (now, subjects) = await SubjectsAsync(connection, subjectIds, cancellationToken);
        var plan = subjects
            .SelectMany(subject => ReminderPlan.For(subject, kinds.PlannedOn(subject.Type, on), now))
            .ToArray();
        if (plan.Length == 0)
            return new(0, 0, [], []);

        var first = new List<DueInstant>();
        var dueNow = new HashSet<string>();
        var planned = new Dictionary<string, int>();
        await using (var insert = InsertCommand(connection, plan, $"{by} @ {node}"))
        await using (var reader = await insert.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (kind, dueAt, isFirst) = (reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2));
                planned[kind] = planned.GetValueOrDefault(kind) + 1;
                // Skipped for being too late counts as well: somebody has to be told of it.
                if (dueAt <= now)
                    dueNow.Add(kind);
                else if (isFirst)
                    first.Add(new(kind, dueAt));
            }
        }
        var suppressed = plan.Length - planned.Values.Sum();
        if (suppressed > 0)
            await CountSuppressedAsync(connection, plan, $"{by} @ {node}", cancellationToken);
        return new(planned.Values.Sum(), suppressed, [.. first.Distinct()], [.. dueNow])
        {
            SuppressedKinds =
            [
                .. from kind in plan.GroupBy(one => one.Kind.Name)
                   select new SuppressedKind(kind.Key, SuppressionMetrics.SameVersion, kind.Count() - planned.GetValueOrDefault(kind.Key)),
            ],
        };
    }

    private async Task<(DateTimeOffset Now, List<SubjectNow> Subjects)> SubjectsAsync(
        NpgsqlConnection connection, long[] ids, CancellationToken cancellationToken)
    {
        await using var command = names.Command("""
            SELECT now(), s.id, s.type, s.version, s.status, s.happens_at, s.told,
                   array_agg(p.role ORDER BY p.role, p.recipient_id), array_agg(p.recipient_id ORDER BY p.role, p.recipient_id)
            FROM reminders.subject s JOIN reminders.party p ON p.subject_id = s.id
            JOIN reminders.recipient r ON r.id = p.recipient_id AND r.erased_at IS NULL
            WHERE s.id = ANY ($1)
            GROUP BY s.id
            """, connection);
        command.Parameters.Add(new() { Value = ids });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var subjects = new List<SubjectNow>(ids.Length);
        var now = DateTimeOffset.MinValue;
        while (await reader.ReadAsync(cancellationToken))
        {
            now = reader.GetFieldValue<DateTimeOffset>(0);
            var roles = reader.GetFieldValue<string[]>(7);
            var recipients = reader.GetFieldValue<long[]>(8);
            subjects.Add(new(
                reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5), reader.GetString(6),
                [.. roles.Zip(recipients, (role, recipient) => new PartyNow(role, recipient))]));
        }
        return (now, subjects);
    }

    /// <summary>
    /// The ledger's rows and, in the same statement, a row per instant: whoever inserts that one is first, and asks
    /// Quartz for its trigger. wanted_in travels as one comma-separated text per row, because unnest flattens arrays.
    /// </summary>
    private NpgsqlCommand InsertCommand(NpgsqlConnection connection, PlannedOccurrence[] plan, string by)
    {
        var command = names.Command($"""
            WITH planned AS (
                INSERT INTO reminders.occurrence
                    (kind, subject_id, version, recipient_id, state, reason, wanted_in, told, has_buttons,
                     due_at, useful_until, planned_by)
                SELECT kind, subject_id, version, recipient_id,
                       CASE WHEN reason IS NULL THEN 'planned' ELSE 'skipped' END, reason,
                       string_to_array(wanted_in, ','), told, has_buttons, due_at, useful_until, $11
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                    AS t (kind, subject_id, version, recipient_id, reason, wanted_in, told, has_buttons, due_at, useful_until)
                ORDER BY subject_id, kind, version, recipient_id
                ON CONFLICT ON CONSTRAINT occurrence_identity DO NOTHING
                RETURNING id, kind, subject_id, version, recipient_id, due_at, state, told, has_buttons),
            missed AS (
                INSERT INTO reminders.event (subject_id, name, cause)
                SELECT d.subject_id, 'reminder_skipped', 'occurrence ' || d.id || ' was planned too late'
                FROM planned d
                {LastTold.Join}
                WHERE d.state = 'skipped' AND d.has_buttons AND last_told.told IS DISTINCT FROM d.told),
            first AS (
                INSERT INTO reminders.instant (kind, due_second)
                SELECT DISTINCT kind, due_at FROM planned WHERE state = 'planned' AND due_at > now()
                ORDER BY kind, due_at
                ON CONFLICT DO NOTHING
                RETURNING kind, due_second)
            SELECT p.kind, p.due_at, f.kind IS NOT NULL
            FROM planned p LEFT JOIN first f ON f.kind = p.kind AND f.due_second = p.due_at
            """, connection);
        Add(NpgsqlDbType.Text, plan.Select(o => o.Kind.Name).ToArray());
        Add(NpgsqlDbType.Bigint, plan.Select(o => o.SubjectId).ToArray());
        Add(NpgsqlDbType.Bigint, plan.Select(o => o.Version).ToArray());
        Add(NpgsqlDbType.Bigint, plan.Select(o => o.RecipientId).ToArray());
        Add(NpgsqlDbType.Text, plan.Select(o => o.SkippedBecause).ToArray());
        Add(NpgsqlDbType.Text, plan.Select(o => string.Join(',', o.Kind.WantedIn)).ToArray());
        Add(NpgsqlDbType.Text, plan.Select(o => o.Told).ToArray());
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
        NpgsqlConnection connection, PlannedOccurrence[] plan, string by, CancellationToken cancellationToken)
    {
        // A row that this very transaction has just planned is not a duplicate of itself: its planned_at is now().
        await using var command = names.Command("""
            INSERT INTO reminders.suppression AS s (occurrence_id, rule, last_by)
            SELECT o.id, 'same kind, subject, version and recipient', $5
            FROM unnest($1, $2, $3, $4) AS t (kind, subject_id, version, recipient_id)
            JOIN reminders.occurrence o USING (kind, subject_id, version, recipient_id)
            WHERE o.planned_at <> now()
            ORDER BY o.id
            ON CONFLICT (occurrence_id, rule) DO UPDATE
            SET count = s.count + 1, last_at = now(), last_by = excluded.last_by
            """, connection);
        command.Parameters.Add(new() { Value = plan.Select(o => o.Kind.Name).ToArray() });
        command.Parameters.Add(new() { Value = plan.Select(o => o.SubjectId).ToArray() });
        command.Parameters.Add(new() { Value = plan.Select(o => o.Version).ToArray() });
        command.Parameters.Add(new() { Value = plan.Select(o => o.RecipientId).ToArray() });
        command.Parameters.Add(new() { Value = by });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
