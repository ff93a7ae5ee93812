using System.Text.Json;
using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Web;

/// <summary>A person is forgotten, and what was told once stays told.</summary>
public sealed class Erasing(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string Because = """{"reason":"asked for it"}""";

    private readonly WebNode _node = shared.Node;

    [Fact]
    public async Task Nothing_in_any_table_names_an_erased_person_any_more_and_the_ledger_keeps_its_rows()
    {
        var known = await KnownPersonAsync();
        var occurrences = await CountAsync("occurrence", known.Id);
        foreach (var word in known.Words)
        {
            Assert.NotEmpty(await NamedIn(word));
        }

        var erased = (await _node.PostAsync($"/api/recipients/{known.Reference}/erase", Because, known.Key)).Json;

        foreach (var word in known.Words)
        {
            Assert.True(await NamedIn(word) is { Length: 0 } none, $"'{word}' is still in {string.Join(", ", await NamedIn(word))}");
        }

        Assert.Equal(occurrences, await CountAsync("occurrence", known.Id));
        foreach (var table in (string[])["inbox_item", "address", "access_token", "group_member"])
        {
            Assert.True(await CountAsync(table, known.Id) == 0, $"{table} still has theirs");
        }

        Assert.StartsWith("erased:", (string)erased["pseudonym"]!, StringComparison.Ordinal);
        Assert.Equal(
            (string)erased["pseudonym"]!,
            await _node.ScalarAsync<string>("SELECT reference FROM reminders.recipient WHERE id = $1", known.Id)
        );
        Assert.Equal(
            0L,
            await _node.ScalarAsync<long>(
                """
                SELECT count(*) FROM reminders.occurrence o LEFT JOIN reminders.outbox m ON m.occurrence_id = o.id
                WHERE o.recipient_id = $1 AND (o.state IN ('planned', 'waiting') OR m.state IN ('pending', 'retry'))
                """,
                known.Id
            )
        );
        Assert.Equal(
            "erased",
            await _node.ScalarAsync<string>(
                "SELECT DISTINCT reason FROM reminders.occurrence WHERE recipient_id = $1 AND state = 'cancelled'",
                known.Id
            )
        );
        Assert.Equal(
            "asked for it",
            await _node.ScalarAsync<string>(
                "SELECT reason FROM reminders.audit WHERE action = 'person.erase' AND about = 'recipient #' || $1",
                known.Id
            )
        );
        (await _node.GetAsync("/api/notifications/", known.Token)).Problem(401);
        (await _node.GetAsync($"/api/recipients/{known.Reference}", known.Key)).Problem(404);
    }

    [Fact]
    public async Task What_is_planned_for_them_by_a_request_that_was_under_way_is_not_told()
    {
        var known = await KnownPersonAsync();
        Assert.Equal(200, (await _node.PostAsync($"/api/recipients/{known.Reference}/erase", Because, known.Key)).Status);
        var late = await _node.ScalarAsync<long>(
            """
            WITH s AS (INSERT INTO reminders.subject (type, key, status, created_by) VALUES ('customer', $2, 'open', 'test') RETURNING id)
            INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, data, due_at, useful_until,
                planned_by)
            SELECT 'CUSTOMER_CREATED', s.id, 1, $1, 'planned', '{open}', '', '{"customer": "x"}', now(), now() + interval '1 day', 'test' FROM s RETURNING id
            """,
            known.Id,
            known.Reference
        );
        await Eventually.TrueAsync(
            () => _node.ScalarAsync<bool>("SELECT state <> 'planned' FROM reminders.occurrence WHERE id = $1", late),
            Patience,
            "judged"
        );
        Assert.Equal(
            0L,
            await _node.ScalarAsync<long>(
                """
                SELECT (SELECT count(*) FROM reminders.inbox_item WHERE occurrence_id = $1) + (SELECT count(*) FROM reminders.outbox
                    WHERE occurrence_id = $1)
                """,
                late
            )
        );
    }

    [Fact]
    public async Task A_repeated_request_of_before_still_has_no_second_effect()
    {
        var (key, reference) = (await KeyAsync(), $"p-{Guid.NewGuid():N}");
        var body = Booking(reference, "Xaverine");
        var first = await _node.PostAsync("/api/bookings", body, key, "once");
        Assert.Equal(200, (await _node.PostAsync($"/api/recipients/{reference}/erase", Because, key)).Status);
        var again = await _node.PostAsync("/api/bookings", body, key, "once");
        Assert.Equal((201, (string)first.Json["id"]!), (again.Status, (string)again.Json["id"]!));
        Assert.DoesNotContain("Xaverine", again.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await _node.GetAsync($"/api/bookings/{first.Json["id"]}", key)).Status);
    }

    [Fact]
    public async Task The_same_reference_again_is_the_same_person_and_what_was_told_once_stays_told()
    {
        var (key, reference) = (await KeyAsync(), $"p-{Guid.NewGuid():N}");
        await KeepAsync(key, reference, "Anna");
        var id = await IdAsync(reference);
        Assert.Equal(1, (int)(await TellAsync(key, reference, "c-1"))["planned"]!);
        Assert.Equal(200, (await _node.PostAsync($"/api/recipients/{reference}/erase", Because, key)).Status);
        Assert.Equal("There is no such recipient.", (string)(await TellAsync(key, reference, "c-1"))["recipients"]![0]!["reason"]!);

        await KeepAsync(key, reference, "Anna");
        Assert.Equal(id, await IdAsync(reference));
        Assert.Equal(1, (int)(await TellAsync(key, reference, "c-1"))["suppressed"]!);
        // And they are told again what is new.
        Assert.Equal(1, (int)(await TellAsync(key, reference, "c-2"))["planned"]!);
        await Eventually.TrueAsync(
            () =>
                _node.ScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM reminders.inbox_item WHERE recipient_id = $1 AND subject_key = 'c-2')",
                    id
                ),
            Patience,
            "told anew"
        );
    }

    [Fact]
    public async Task Erased_twice_is_erased_once_and_another_owners_person_of_that_reference_stays_whole()
    {
        var (key, other, reference) = (await KeyAsync(), await KeyAsync(), $"p-{Guid.NewGuid():N}");
        await KeepAsync(key, reference, "Anna");
        await KeepAsync(other, reference, "Other");
        var first = await _node.PostAsync($"/api/recipients/{reference}/erase", Because, key);
        var second = await _node.PostAsync($"/api/recipients/{reference}/erase", Because, key);
        Assert.Equal(
            (200, (string)first.Json["pseudonym"]!, (string)first.Json["erasedAt"]!),
            (second.Status, (string)second.Json["pseudonym"]!, (string)second.Json["erasedAt"]!)
        );
        Assert.Equal("Other", (string)(await _node.GetAsync($"/api/recipients/{reference}", other)).Json["name"]!);
        Assert.Equal(["reason"], (await _node.PostAsync($"/api/recipients/{reference}/erase", "{}", key)).WrongFields());
        // Nobody finds out by trying what the hash is of: it is keyed, and each owner's own.
        Assert.False(
            await _node.ScalarAsync<bool>(
                "SELECT identity = sha256(convert_to($2, 'UTF8')) FROM reminders.recipient WHERE reference = $1",
                (string)first.Json["pseudonym"]!,
                reference
            )
        );
        Assert.Equal(200, (await _node.PostAsync($"/api/recipients/{reference}/erase", Because, other)).Status);
        Assert.Equal(
            2L,
            await _node.ScalarAsync<long>(
                """
                SELECT count(DISTINCT r.identity) FROM reminders.recipient r WHERE r.identity = reminders.pseudonym(r.owner, $1)
                """,
                reference
            )
        );
    }

    [Fact]
    public async Task The_pseudonym_is_HMAC_SHA256_as_anybody_computes_it()
    {
        var blocks = await _node.ScalarAsync<byte[]>("SELECT inner_block FROM reminders.pseudonym_key");
        var secret = blocks.Select(one => (byte)(one ^ 0x36)).ToArray();
        Assert.All(secret[32..], one => Assert.Equal(0, one));
        Assert.Equal(
            System.Security.Cryptography.HMACSHA256.HashData(secret[..32], "shop\0user-ö"u8),
            await _node.ScalarAsync<byte[]>("SELECT reminders.pseudonym('shop', 'user-ö')")
        );
    }

    [Fact]
    public async Task An_export_holds_what_is_kept_and_no_secret()
    {
        var known = await KnownPersonAsync();
        var reply = await _node.GetAsync($"/api/recipients/{known.Reference}/export", known.Key);
        Assert.Equal(200, reply.Status);
        Assert.Equal(
            ["accessTokens", "addresses", "audit", "groups", "inbox", "notifications", "person", "preferences", "received", "subjects"],
            reply.Json.AsObject().Select(part => part.Key).Order()
        );
        Assert.All(
            reply.Json.AsObject(),
            part => Assert.True(part.Value is JsonObject { Count: > 0 } || part.Value!.AsArray().Count > 0, $"{part.Key} is empty")
        );
        foreach (var word in known.Words.Where(word => !word.StartsWith("said", StringComparison.Ordinal)))
        {
            Assert.Contains(word, reply.Text, StringComparison.Ordinal);
        }

        foreach (var secret in (string[])["start_code", "unsubscribe_code"])
        {
            Assert.DoesNotContain(
                await _node.ScalarAsync<string>($"SELECT {secret} FROM reminders.recipient WHERE id = $1", known.Id),
                reply.Text,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(
            1L,
            await _node.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.audit WHERE action = 'person.export' AND about = 'recipient #' || $1",
                known.Id
            )
        );
    }

    [Fact]
    public async Task Erased_and_written_at_the_same_time_it_is_one_person_either_way()
    {
        var (key, reference) = (await KeyAsync(), $"p-{Guid.NewGuid():N}");
        await KeepAsync(key, reference, "Anna");
        var id = await IdAsync(reference);
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(
                _node.PostAsync($"/api/recipients/{reference}/erase", Because, key),
                KeepAsync(key, reference, "Anna"),
                _node.PostAsync("/api/bookings", Booking(reference, "Anna"), key),
                _node.PostAsync($"/api/recipients/{reference}/erase", Because, key)
            );
            Assert.Equal(
                1L,
                await _node.ScalarAsync<long>(
                    "SELECT count(*) FROM reminders.recipient WHERE identity = reminders.pseudonym(owner, $1)",
                    reference
                )
            );
        }
        await KeepAsync(key, reference, "Anna");
        Assert.Equal(id, await IdAsync(reference));
        Assert.Equal(0L, await _node.ScalarAsync<long>("SELECT count(*) FROM reminders.preference WHERE recipient_id = $1", id));
        Assert.Empty(_node.Log.Lines);
    }

    /// <param name="Words">That tell who they are.</param>
    private sealed record Known(string Key, string Reference, long Id, string Token, string[] Words);

    /// <summary>A person of whom there is everything that can be.</summary>
    private async Task<Known> KnownPersonAsync()
    {
        var tag = Guid.NewGuid().ToString("N")[..8];
        var (name, mail, cart, title) = ($"Wilhelmina {tag}", $"w.{tag}@example.com", $"cart-of-{tag}", $"interview of {tag}");
        var chat = Random.Shared.NextInt64(1_000_000_000, 9_000_000_000);
        var (key, reference) = (await KeyAsync(), $"p-{Guid.NewGuid():N}");
        await KeepAsync(key, reference, name, $$"""{"telegram":"{{chat}}","email":"{{mail}}","whatsapp":"+49 {{chat}}"}""");
        await _node.SendAsync(HttpMethod.Put, "/api/groups/everybody", $$"""{"members":["{{reference}}"]}""", key);
        var token = (string)(await _node.PostAsync("/api/tokens", $$"""{"recipient":"{{reference}}"}""", key)).Json["token"]!;
        var booking = (string)
            (await _node.PostAsync("/api/bookings", Booking(reference, name, title), key, Guid.NewGuid().ToString())).Json["id"]!;
        Assert.Equal(200, (await _node.PostAsync($"/api/bookings/{booking}/approve", null, key, Guid.NewGuid().ToString())).Status);
        Assert.Equal(
            1,
            (int)
                (
                    await _node.PostAsync(
                        "/api/notifications",
                        $$$"""
                        {"kind":"CART_ABANDONED","subject":"cart-1","recipients":["{{{reference}}}"],"data":{"cart_hash":"1","items":"x","url":"https://x/{{{cart}}}"}}
                        """,
                        key,
                        Guid.NewGuid().ToString()
                    )
                ).Json["planned"]!
        );
        await TellAsync(key, reference, "c-0");
        var id = await IdAsync(reference);
        await Eventually.TrueAsync(
            () => _node.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.inbox_item WHERE recipient_id = $1)", id),
            Patience,
            "an inbox item"
        );
        await _node.ScalarAsync<string>(
            """
            INSERT INTO reminders.inbound_update (source, provider_id, sender, payload, state)
            VALUES ('telegram', $1, $2, jsonb_build_object('text', 'hello', 'chat', $2), 'handled') RETURNING provider_id
            """,
            Guid.NewGuid().ToString(),
            $"{chat}"
        );
        await _node.ScalarAsync<string>(
            """
            WITH t AS (INSERT INTO reminders.throttle (channel, address, next_at) VALUES ('telegram', $1, now() + interval '1 hour')),
            m AS (INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, reason, due_at,
                useful_until, provider_message_id, settled_at)
                  SELECT o.id, o.kind, o.recipient_id, 'email', 'send', 'dead', '550 <' || $3 || '> unknown', now(), now(), $1
                      || '-77', now()
                  FROM reminders.occurrence o WHERE o.recipient_id = $2 ORDER BY id LIMIT 1 RETURNING id),
            a AS (INSERT INTO reminders.attempt (message_id, lease_token, node, started_at, outcome, detail)
                  SELECT id, 1, 'n', now(), 'rejected', '550 <' || $3 || '> unknown' FROM m),
            p AS (INSERT INTO reminders.press (message_id, action, effect, sender, provider_id)
                SELECT id, 'confirm', 'Confirmed', $1, 'wamid.' || $1 FROM m),
            w AS (INSERT INTO reminders.operator_action (message_id, action, reason, acted_by) SELECT id, 'replayed', 'said '
                || $3, 'api:ops' FROM m),
            d AS (INSERT INTO reminders.audit (actor, action, about, reason)
                SELECT 'api:ops', 'message.replay', 'message ' || id, 'said ' || $3 FROM m),
            l AS (INSERT INTO reminders.audit (actor, action, about, after) VALUES ('telegram:' || $1, 'address.bind', 'recipient #' || $2, '{"channel": "telegram"}'))
            SELECT id::text FROM m
            """,
            $"{chat}",
            id,
            mail
        );
        await _node.SendAsync(
            HttpMethod.Put,
            "/api/recipients",
            $$"""
            {"recipients":[{"reference":"{{reference}}","name":"{{name}}","preferences":[{"kind":"TICKET_COMMENT","wanted":false}]}]}
            """,
            key
        );
        return new(key, reference, id, token, [reference, name, mail, $"{chat}", $"49{chat}", cart, title, $"said {mail}"]);
    }

    private async Task<string> KeyAsync()
    {
        var name = $"owner-{Guid.NewGuid():N}";
        return await _node.KeyAsync(name, name, [.. ApiScopes.Of(ApiRole.Recruiter)]);
    }

    private Task<Reply> KeepAsync(string key, string reference, string name, string addresses = """{"email":"a@example.com"}""") =>
        _node.SendAsync(
            HttpMethod.Put,
            "/api/recipients",
            $$"""{"recipients":[{"reference":"{{reference}}","name":"{{name}}","addresses":{{addresses}} }]}""",
            key
        );

    private async Task<JsonNode> TellAsync(string key, string reference, string customer) =>
        (
            await _node.PostAsync(
                "/api/notifications",
                $$$"""{"kind":"CUSTOMER_CREATED","subject":"{{{customer}}}","recipients":["{{{reference}}}"],"data":{"customer":"x"}}""",
                key
            )
        ).Json;

    private Task<long> IdAsync(string reference) =>
        _node.ScalarAsync<long>("SELECT id FROM reminders.recipient WHERE reference = $1", reference);

    private Task<long> CountAsync(string table, long recipient) =>
        _node.ScalarAsync<long>($"SELECT count(*) FROM reminders.{table} WHERE recipient_id = $1", recipient);

    /// <summary>The tables in which a word stands, in any row and column.</summary>
    private Task<string[]> NamedIn(string word) =>
        _node.ScalarAsync<string[]>(
            """
            SELECT coalesce(array_agg(t.relname::text), '{}') FROM pg_class t
            WHERE t.relnamespace = 'reminders'::regnamespace AND t.relkind = 'r'
              AND xpath_exists('//row', query_to_xml(format('SELECT 1 AS there FROM reminders.%I x WHERE strpos(x::text, %L) > 0 LIMIT 1',
                  t.relname, $1), false, false, ''))
            """,
            word
        );

    private static string Booking(string candidate, string name, string title = "Backend engineer") =>
        JsonSerializer.Serialize(
            new
            {
                title,
                place = $"at {name}'s",
                startsAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(48),
                candidate = new { name, reference = candidate },
                recruiter = new { name = "Rita" },
            }
        );
}
