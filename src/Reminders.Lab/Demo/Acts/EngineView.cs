using Npgsql;

namespace Reminders.Lab.Demo.Acts;

/// <summary>A message the engine holds because it cannot know whether it arrived.</summary>
internal sealed record HeldMessage(Guid Booking, string Kind, string Address, string Why)
{
    public bool IsReminder => Kind == Confirm2h.Kind;

    /// <summary>Its node died with it, rather than its reply on the way.</summary>
    public bool NodeWasLost => Why.StartsWith("node_lost: ", StringComparison.Ordinal);
}

/// <summary>What only the engine can say: what it refused, what it holds, and whether it has anything left to do.</summary>
internal sealed class EngineView(NpgsqlDataSource database)
{
    public async Task<int> SuppressedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT coalesce(sum(s.count), 0)::int FROM reminders.suppression s
            JOIN reminders.occurrence o ON o.id = s.occurrence_id WHERE o.kind = $1
            """
        );
        command.Parameters.Add(new() { Value = Confirm2h.Kind });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<IReadOnlyList<HeldMessage>> HeldAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT CASE s.type WHEN 'booking' THEN s.key END, m.kind, a.address, coalesce(m.reason, '')
            FROM reminders.outbox m
            JOIN reminders.occurrence o ON o.id = m.occurrence_id
            JOIN reminders.subject s ON s.id = o.subject_id
            JOIN reminders.address a ON a.recipient_id = m.recipient_id AND a.channel = m.channel
            WHERE m.state = 'uncertain' ORDER BY m.id
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var held = new List<HeldMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            held.Add(
                new(
                    reader.IsDBNull(0) ? Guid.Empty : Guid.Parse(reader.GetString(0)),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3)
                )
            );
        }

        return held;
    }

    /// <summary>The chats a node is writing to at this moment.</summary>
    public async Task<IReadOnlyList<long>> OnTheWireAsync(string node, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT a.address::bigint FROM reminders.outbox m
            JOIN reminders.address a ON a.recipient_id = m.recipient_id AND a.channel = m.channel
            WHERE m.state = 'sending' AND m.send_started_at IS NOT NULL AND m.leased_by LIKE $1 || '-%'
            """
        );
        command.Parameters.Add(new() { Value = node });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chats = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            chats.Add(reader.GetInt64(0));
        }

        return chats;
    }

    /// <summary>Whether any reminder that is due may still be sent without anybody deciding so.</summary>
    public async Task<bool> RemindersUnderWayAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT EXISTS (SELECT FROM reminders.outbox
                           WHERE kind = $1 AND operation = 'send' AND state IN ('pending', 'retry', 'sending'))
                OR EXISTS (SELECT FROM reminders.occurrence
                           WHERE kind = $1 AND (state = 'planned' AND due_at <= now() OR state = 'waiting'))
            """
        );
        command.Parameters.Add(new() { Value = Confirm2h.Kind });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Whether everything that was due is done: nothing to fire, to send, to answer or to tell.</summary>
    public async Task<bool> IsQuietAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending'))
               AND NOT EXISTS (SELECT FROM reminders.occurrence WHERE state = 'planned' AND due_at <= now())
               AND NOT EXISTS (SELECT FROM reminders.inbound_update WHERE state = 'received')
               AND NOT EXISTS (SELECT FROM reminders.event)
            """
        );
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
