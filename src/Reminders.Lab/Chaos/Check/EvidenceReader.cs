using Npgsql;
using Reminders.Lab.Chaos.Faults;
using Reminders.Lab.Chaos.Work;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Chaos.Check;

/// <summary>Reads the engine's side of the evidence. Plain reading: everything that judges is in <see cref="Checker"/>.</summary>
internal sealed class EvidenceReader(NpgsqlDataSource admin, TimeProvider time)
{
    /// <summary>What still waits to be done: due occurrences, messages, updates and events, a line each; empty when all is quiet.</summary>
    public async Task<IReadOnlyList<string>> OpenAsync(CancellationToken cancellationToken) =>
        await ReadAsync(LabStatement.Named("Chaos/Check/Sql/open.sql"), reader => reader.GetString(0), cancellationToken);

    public async Task<Evidence> ReadAsync(
        TelegramSimulator telegram,
        FaultLog faults,
        History history,
        CancellationToken cancellationToken
    ) =>
        new(
            time.GetUtcNow(),
            await ReadAsync(Ledger, LedgerRow, cancellationToken),
            await ReadAsync(
                Outbox,
                reader => new MessageRow(
                    reader.GetInt64(0),
                    reader.GetInt64(1),
                    reader.GetString(2),
                    reader.GetInt32(3),
                    reader.GetString(4),
                    Text(reader, 5),
                    Instant(reader, 6),
                    Text(reader, 7),
                    reader.GetBoolean(8)
                ),
                cancellationToken
            ),
            await ReadAsync(
                Attempts,
                reader => new AttemptRow(
                    reader.GetInt64(0),
                    reader.GetInt64(1),
                    reader.GetString(2),
                    Instant(reader, 3),
                    Instant(reader, 4),
                    reader.GetString(5)
                ),
                cancellationToken
            ),
            await ReadAsync(
                "SELECT provider_id::int, state, effect FROM reminders.inbound_update",
                reader => new UpdateRow(reader.GetInt32(0), reader.GetString(1), Text(reader, 2)),
                cancellationToken
            ),
            (await ReadAsync("SELECT count(*) FROM reminders.event", reader => reader.GetInt64(0), cancellationToken)).Single(),
            [
                .. telegram.Record.Messages.Select(message => new Arrival(
                    message.ChatId,
                    message.MessageId,
                    message.Text,
                    message.ArrivedAt
                )),
            ],
            telegram.Record.Doubts,
            faults.Entries,
            history.Changes,
            history.Presses
        );

    // The instant an occurrence announces stands in its fingerprint: epoch seconds before the slash.
    private const string Ledger = """
        SELECT o.id, o.kind, s.data ->> 'title', coalesce(a.address, '0')::bigint, o.version,
               to_timestamp(split_part(o.told, '/', 1)::bigint), o.state, o.reason, o.decided_by, o.due_at, o.useful_until,
               o.wanted_in, s.version, s.status
        FROM reminders.occurrence o
        JOIN reminders.subject s ON s.id = o.subject_id
        LEFT JOIN reminders.address a ON a.recipient_id = o.recipient_id AND a.channel = 'telegram'
        WHERE s.type = 'booking'
        ORDER BY o.id
        """;

    private const string Outbox = """
        SELECT m.id, m.occurrence_id, m.operation, m.number, m.state, m.reason, m.due_at, m.provider_message_id,
               EXISTS (SELECT FROM reminders.operator_action a JOIN reminders.outbox p ON p.id = a.message_id
                       WHERE p.occurrence_id = m.occurrence_id)
        FROM reminders.outbox m ORDER BY m.id
        """;

    private const string Attempts =
        "SELECT message_id, lease_token, node, started_at, settled_at, outcome FROM reminders.every_attempt WHERE started_at IS "
        + "NOT NULL ORDER BY started_at";

    private static LedgerRow LedgerRow(NpgsqlDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetInt64(3),
            reader.GetInt64(4),
            Instant(reader, 5),
            reader.GetString(6),
            Text(reader, 7),
            reader.IsDBNull(8) ? null : reader.GetInt64(8),
            Instant(reader, 9),
            Instant(reader, 10),
            reader.GetFieldValue<string[]>(11),
            reader.GetInt64(12),
            reader.GetString(13)
        );

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await using var command = admin.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);
}
