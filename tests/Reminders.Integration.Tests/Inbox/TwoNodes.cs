using Npgsql;
using Reminders.Integration.Tests.Web;

namespace Reminders.Integration.Tests.Inbox;

/// <summary>Two whole nodes on one database, with kinds about tickets, and inboxes that tests write to.</summary>
public sealed class TwoNodes : IAsyncDisposable
{
    private static int _versions;

    private readonly WebNode[] _nodes;

    private TwoNodes(WebNode first, WebNode second) => _nodes = [first, second];

    public WebNode this[int node] => _nodes[node];

    public static async Task<TwoNodes> StartAsync(Postgres postgres, params (string Key, string? Value)[] overrides)
    {
        (string, string?)[] settings =
        [
            .. Kind(
                "TEST_ASSIGNED",
                "{recipient}, ticket {number} is yours, due {due:d MMMM HH:mm} ({zone})",
                "{recipient}, заявка {number} ваша, срок {due:d MMMM HH:mm} ({zone})"
            ),
            .. Kind("TEST_COMMENTED", "{author} wrote: {comment}", "{author}: {comment}"),
            ("Kinds:TEST_ASSIGNED:Data:due", "instant"),
            ("Kinds:TEST_ASSIGNED:Data:number", "number"),
            ("Kinds:TEST_COMMENTED:Data:author", "text"),
            ("Kinds:TEST_COMMENTED:Data:comment", "text"),
            .. overrides,
        ];
        var first = await WebNode.StartAsync(postgres, null, settings);
        return new(first, await first.StartAnotherAsync(settings));
    }

    /// <summary>A person with a token.</summary>
    public async Task<Person> PersonAsync(string reference, string locale = "en", string zone = "UTC", string? token = null)
    {
        var id = await _nodes[0]
            .ScalarAsync<long>(
                """
                INSERT INTO reminders.recipient (owner, reference, name, locale, zone) VALUES ('booking-app', $1, initcap($1), $2, $3)
                    RETURNING id
                """,
                reference,
                locale,
                zone
            );
        var issued = await _nodes[0].PostAsync("/api/tokens", $$"""{"recipient":"{{reference}}"}""");
        Assert.Equal(200, issued.Status);
        return new(id, reference, token ?? (string)issued.Json["token"]!);
    }

    /// <summary>One item for each, in one transaction, as the firing of an occurrence writes it.</summary>
    /// <param name="notify">False: as if the wake-up were lost.</param>
    public async Task WriteAsync(
        Person[] people,
        string kind = "TEST_COMMENTED",
        string ticket = "T-1",
        string data = """{"author":"Rita","comment":"hello"}""",
        bool notify = true,
        int times = 1
    )
    {
        await using var command = _nodes[0].Database.CreateCommand(Write);
        object[] values =
        [
            people.Select(person => person.Id).ToArray(),
            kind,
            ticket,
            data,
            Interlocked.Add(ref _versions, times),
            notify,
            times,
        ];
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // The first one's database goes with it.
        foreach (var node in _nodes.Reverse())
        {
            await node.DisposeAsync();
        }
    }

    private static IEnumerable<(string, string?)> Kind(string name, string english, string russian) =>
        [
            ($"Kinds:{name}:Subject", "ticket"),
            ($"Kinds:{name}:Channels:0", "inbox"),
            ($"Kinds:{name}:Templates:en:text", english),
            ($"Kinds:{name}:Templates:ru:text", russian),
        ];

    // The row of reminders.inbox is locked from the numbering to the commit: so items become visible in their order.
    private const string Write = """
        WITH subject AS (
            INSERT INTO reminders.subject (type, key, status, created_by) VALUES ('ticket', $3, 'open', 'test')
            ON CONFLICT ON CONSTRAINT subject_identity DO UPDATE SET status = excluded.status RETURNING id),
        told AS (
            INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                planned_by, fired_at)
            SELECT $2, subject.id, $5 - n + 1, r, 'fired', '{}', '', now(), now(), 'test', now()
            FROM subject, unnest($1) r, generate_series(1, $7) n RETURNING id, recipient_id),
        numbered AS (
            INSERT INTO reminders.inbox AS b (recipient_id, last_seq) SELECT recipient_id, count(*) FROM told GROUP BY 1 ORDER BY 1
            ON CONFLICT (recipient_id) DO UPDATE SET last_seq = b.last_seq + excluded.last_seq RETURNING recipient_id, last_seq),
        written AS (
            INSERT INTO reminders.inbox_item (occurrence_id, recipient_id, seq, kind, subject_type, subject_key, data)
            SELECT id, recipient_id, last_seq + 1 - row_number() OVER (PARTITION BY recipient_id
                ORDER BY id DESC), $2, 'ticket', $3, $4::jsonb
            FROM told JOIN numbered USING (recipient_id) RETURNING recipient_id)
        SELECT pg_notify('reminders_inbox', string_agg(DISTINCT recipient_id::text, ',')) FROM written HAVING $6
        """;
}

/// <summary>Whose inbox it is, and what opens it.</summary>
public sealed record Person(long Id, string Reference, string Token);

/// <summary>Two nodes for the tests of a class: each uses people of its own.</summary>
public sealed class SharedTwoNodes(Postgres postgres) : IAsyncLifetime
{
    public TwoNodes Nodes { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Nodes = await TwoNodes.StartAsync(postgres);

    public ValueTask DisposeAsync() => Nodes.DisposeAsync();
}
