using System.Text.Json;
using Npgsql;

namespace Reminders.Lab.Apps;

/// <summary>
/// A small ticket desk, as an example of use. What happened to a ticket is written with the ticket's change, in one
/// transaction, and told to the engine after it: whoever finds an event untold tells it, and telling it twice is no harm,
/// since its number is the notification's version. So no signal can run ahead of the data, and no crash loses one.
/// </summary>
public sealed class TicketDesk(NpgsqlDataSource database, EngineClient engine, TimeProvider time)
{
    /// <summary>The desk's own tables, in a schema of their own.</summary>
    public async Task CreateTablesAsync(CancellationToken cancellationToken) =>
        await RunAsync(
                """
                CREATE SCHEMA IF NOT EXISTS desk;
                CREATE TABLE IF NOT EXISTS desk.ticket (
                    id text PRIMARY KEY, title text NOT NULL, author text NOT NULL, assignees text[] NOT NULL DEFAULT '{}',
                    status text NOT NULL DEFAULT 'open', resolution_due timestamptz, estimate_due timestamptz);
                CREATE TABLE IF NOT EXISTS desk.event (
                    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ticket text NOT NULL REFERENCES desk.ticket, kind text NOT NULL,
                    people text[] NOT NULL, data jsonb NOT NULL, told boolean NOT NULL DEFAULT false)
                """,
                cancellationToken
            )
            .ConfigureAwait(false);

    public Task OpenAsync(string id, string title, string author, CancellationToken cancellationToken) =>
        RunAsync("INSERT INTO desk.ticket (id, title, author) VALUES ($1, $2, $3)", cancellationToken, id, title, author);

    /// <summary>Says when it is due; the errors by field, or none.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PlanAsync(
        string id,
        DateTimeOffset? resolution,
        DateTimeOffset? estimate,
        CancellationToken cancellationToken
    )
    {
        var errors = TicketRules.CheckDue(resolution, estimate, time.GetUtcNow());
        if (errors.Count == 0)
        {
            await RunAsync(
                    "UPDATE desk.ticket SET resolution_due = $2, estimate_due = $3 WHERE id = $1",
                    cancellationToken,
                    id,
                    (object?)resolution?.ToUniversalTime() ?? DBNull.Value,
                    (object?)estimate?.ToUniversalTime() ?? DBNull.Value
                )
                .ConfigureAwait(false);
        }

        return errors;
    }

    /// <summary>Only those are told who were not assigned before; the same again tells nobody.</summary>
    public Task AssignAsync(string id, string by, IReadOnlyList<string> people, CancellationToken cancellationToken) =>
        HappenAsync(
            """
            WITH before AS MATERIALIZED (SELECT * FROM desk.ticket WHERE id = $1 FOR UPDATE),
            changed AS (UPDATE desk.ticket t SET assignees = $3 FROM before b WHERE t.id = b.id AND b.assignees IS DISTINCT FROM $3)
            INSERT INTO desk.event (ticket, kind, people, data)
            SELECT id, 'TICKET_ASSIGNED', fresh.people, jsonb_build_object('title', title, 'by', $2)
            FROM before, LATERAL (SELECT array(SELECT unnest($3) EXCEPT SELECT unnest(assignees)) AS people) fresh
            WHERE cardinality(fresh.people) > 0
            """,
            cancellationToken,
            id,
            by,
            people.ToArray()
        );

    public Task FinishAsync(string id, string by, CancellationToken cancellationToken) =>
        ChangeAsync(id, by, "finished", "TICKET_FINISHED", new { }, cancellationToken);

    public Task ApproveAsync(string id, string by, CancellationToken cancellationToken) =>
        ChangeAsync(id, by, "approved", "TICKET_APPROVED", new { }, cancellationToken);

    public Task ChangeStatusAsync(string id, string by, string status, CancellationToken cancellationToken) =>
        ChangeAsync(id, by, status, "TICKET_STATUS", new { status }, cancellationToken);

    /// <returns>The errors by field, or none.</returns>
    public async Task<IReadOnlyDictionary<string, string>> RejectAsync(
        string id,
        string by,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var errors = TicketRules.CheckReason(reason);
        if (errors.Count == 0)
        {
            await ChangeAsync(id, by, "rejected", "TICKET_REJECTED", new { reason = reason!.Trim() }, cancellationToken)
                .ConfigureAwait(false);
        }

        return errors;
    }

    public Task CommentAsync(string id, string by, string comment, CancellationToken cancellationToken) =>
        HappenAsync(
            """
            INSERT INTO desk.event (ticket, kind, people, data)
            SELECT id, 'TICKET_COMMENT', concerned.people, jsonb_build_object('title', title, 'by', $2, 'comment', $3)
            FROM desk.ticket, LATERAL (SELECT array(SELECT unnest(assignees || author) EXCEPT SELECT $2) AS people) concerned
            WHERE id = $1 AND cardinality(concerned.people) > 0
            """,
            cancellationToken,
            id,
            by,
            comment
        );

    /// <summary>Tells the engine what it does not know yet; run by every instance of the desk, after each change and from time to
    /// time.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        var untold = new List<(int Id, NotificationRequest Request)>();
        await using (
            var find = database.CreateCommand("SELECT id, ticket, kind, people, data::text FROM desk.event WHERE NOT told ORDER BY id")
        )
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                untold.Add(
                    (
                        reader.GetInt32(0),
                        new(
                            reader.GetString(2),
                            reader.GetString(1),
                            JsonSerializer.Deserialize<JsonElement>(reader.GetString(4)),
                            reader.GetFieldValue<string[]>(3),
                            Version: reader.GetInt32(0)
                        )
                    )
                );
            }
        }
        foreach (var (id, request) in untold)
        {
            await engine.NotifyAsync(request, cancellationToken).ConfigureAwait(false);
            await RunAsync("UPDATE desk.event SET told = true WHERE id = $1", cancellationToken, id).ConfigureAwait(false);
        }
    }

    // Whoever is concerned but the one who did it: the author, and whom it is assigned to. A status it has already is no event.
    private Task ChangeAsync(string id, string by, string status, string kind, object data, CancellationToken cancellationToken) =>
        HappenAsync(
            """
            WITH changed AS (UPDATE desk.ticket SET status = $3 WHERE id = $1 AND status <> $3 RETURNING *)
            INSERT INTO desk.event (ticket, kind, people, data)
            SELECT id, $4, concerned.people, jsonb_build_object('title', title, 'by', $2) || $5::jsonb
            FROM changed, LATERAL (SELECT array(SELECT unnest(assignees || author) EXCEPT SELECT $2) AS people) concerned
            WHERE cardinality(concerned.people) > 0
            """,
            cancellationToken,
            id,
            by,
            status,
            kind,
            JsonSerializer.Serialize(data)
        );

    private async Task HappenAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await RunAsync(sql, cancellationToken, values).ConfigureAwait(false);
        await TellAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
