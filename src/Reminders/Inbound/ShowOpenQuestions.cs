using MediatR;
using Npgsql;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>
/// Somebody wrote to us. A press that nobody took within Telegram's 150 seconds is lost, and its buttons look pressed: so whatever
/// people write is answered with the questions they have not answered yet, under fresh buttons. Each is one more message of the
/// same occurrence, written in the transaction that handles the update, so that an update which comes again finds it handled. The
/// old message's buttons go on working: what a press does is decided by the booking, and both messages follow it.
/// </summary>
/// <param name="Address">Where they wrote from, which is where they are answered.</param>
/// <param name="SayNothingOpen">Whether to say so when nothing is open: not where something else is said already.</param>
internal sealed record ShowOpenQuestions(string Channel, string Address, bool SayNothingOpen = true) : ICommand<string>;

internal sealed class ShowOpenQuestionsHandler(
    CommandTransaction db, KindCatalog kinds, OpenQuestionsOptions options, Signals signals, AfterCommit afterCommit) : IRequestHandler<ShowOpenQuestions, string>
{
    /// <summary>The kind that says that nothing is open. Not declared, nothing is said.</summary>
    public const string NothingOpen = "NOTHING_OPEN";

    // It tells nothing new, and each telling is a row of the ledger.
    private static readonly TimeSpan NothingOpenEvery = TimeSpan.FromMinutes(10);

    public async Task<string> Handle(ShowOpenQuestions request, CancellationToken cancellationToken)
    {
        if (await IsOptedOutAsync(request, cancellationToken))
            return "opted out";
        var asking = kinds.Kinds.Values.Where(kind => kind.Buttons.Count > 0 && kind.Channels.Contains(request.Channel)).Select(kind => kind.Name).ToArray();
        await using var ask = db.Command(Ask).With(request.Channel, request.Address, asking, options.Most, options.Every);
        if (await ReadAsync(ask, cancellationToken) is { Open: > 0 } asked)
        {
            Wake(asked.Written);
            return asked.Written == 0 ? "asked a moment ago" : $"asked {asked.Written} again";
        }
        if (!request.SayNothingOpen || kinds.Find(NothingOpen) is not { } kind)
            return "nothing open";
        await using var say = db.Command(Say).With(request.Channel, request.Address, NothingOpen, NothingOpenEvery, kind.UsefulFor);
        Wake((int)(await say.ExecuteScalarAsync(cancellationToken))!);
        return "nothing open";
    }

    private void Wake(int written)
    {
        if (written == 0)
            return;
        afterCommit.Add(_ =>
        {
            signals.OutboxWritten();
            return Task.CompletedTask;
        });
    }

    private async Task<bool> IsOptedOutAsync(ShowOpenQuestions request, CancellationToken cancellationToken)
    {
        await using var find = db.Command("SELECT EXISTS (SELECT FROM reminders.opt_out WHERE key = reminders.address_key($1, $2))")
            .With(request.Channel, request.Address);
        return (bool)(await find.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<(int Open, int Written)> ReadAsync(NpgsqlCommand ask, CancellationToken cancellationToken)
    {
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    // A turn is taken from the row in reminders.reply, so two nodes that handle two texts at once send one answer. What is on its
    // way by itself is open too, but not asked again: a message that waits or is being sent asks soon enough.
    private const string Ask = """
        WITH open AS MATERIALIZED (
            SELECT o.id, o.kind, o.recipient_id, o.useful_until,
                   (SELECT coalesce(max(m.number) + 1, 0) FROM reminders.outbox m
                    WHERE m.occurrence_id = o.id AND m.channel = $1 AND m.operation = 'send') AS number,
                   EXISTS (SELECT FROM reminders.outbox m
                           WHERE m.occurrence_id = o.id AND m.operation = 'send' AND m.channel = $1
                             AND m.state IN ('pending', 'retry', 'sending')) AS on_its_way
            FROM reminders.address a
            JOIN reminders.occurrence o ON o.recipient_id = a.recipient_id
            JOIN reminders.subject s ON s.id = o.subject_id
            WHERE a.key = reminders.address_key($1, $2) AND a.channel = $1
              AND o.state = 'fired' AND o.has_buttons AND o.kind = ANY ($3) AND o.useful_until > clock_timestamp()
              AND reminders.unwanted(o, s) IS NULL AND reminders.wants(o.recipient_id, o.kind, $1)
              AND EXISTS (SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.recipient_id = o.recipient_id)
            ORDER BY o.useful_until, o.id LIMIT $4),
        turn AS (
            INSERT INTO reminders.reply AS r (key, what) SELECT reminders.address_key($1, $2), 'questions' WHERE EXISTS (SELECT FROM open WHERE NOT on_its_way)
            ON CONFLICT (key, what) DO UPDATE SET at = clock_timestamp() WHERE r.at < clock_timestamp() - $5
            RETURNING 1),
        asked AS (
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, number, state, due_at, useful_until, on_request)
            SELECT id, kind, recipient_id, $1, 'send', number, 'pending', now(), useful_until, true
            FROM open WHERE NOT on_its_way AND EXISTS (SELECT FROM turn)
            ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
            RETURNING 1),
        woken AS (SELECT pg_notify('reminders_outbox', '') FROM (SELECT FROM asked LIMIT 1) t)
        SELECT (SELECT count(*) FROM open)::integer, (SELECT count(*) FROM asked)::integer, (SELECT count(*) FROM woken)
        """;

    // Told where they wrote, and so not left to the kind's order of channels. What it is about is the conversation, each telling
    // of it a version; as the greeting is about the person, neither can supersede the other.
    private const string Say = """
        WITH person AS (
            SELECT a.recipient_id FROM reminders.address a
            WHERE a.key = reminders.address_key($1, $2) AND a.channel = $1 ORDER BY a.recipient_id LIMIT 1),
        turn AS (
            INSERT INTO reminders.reply AS r (key, what) SELECT reminders.address_key($1, $2), 'nothing' FROM person
            ON CONFLICT (key, what) DO UPDATE SET at = clock_timestamp() WHERE r.at < clock_timestamp() - $4
            RETURNING 1),
        conversation AS (
            INSERT INTO reminders.subject AS s (type, key, status, created_by)
            SELECT 'conversation', p.recipient_id::text, 'open', 'engine' FROM person p WHERE EXISTS (SELECT FROM turn)
            ON CONFLICT ON CONSTRAINT subject_identity DO UPDATE SET version = s.version + 1, changed_at = now()
            RETURNING s.id, s.version, s.told),
        told AS (
            INSERT INTO reminders.occurrence
                (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until, planned_by, fired_at, fired_by)
            SELECT $3, c.id, c.version, p.recipient_id, 'fired', '{}', c.told || '/v' || c.version, now(), now() + $5, 'engine', now(), 'engine'
            FROM conversation c CROSS JOIN person p
            RETURNING id, kind, recipient_id, useful_until),
        queued AS (
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until, on_request)
            SELECT id, kind, recipient_id, $1, 'send', 'pending', now(), useful_until, true FROM told)
        SELECT (SELECT count(*) FROM told)::integer, (SELECT pg_notify('reminders_outbox', '') FROM told)
        """;
}
