using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Web;

/// <summary>Rule 20: what belongs to one owner is to every other as if it were not there.</summary>
[Trait("Suite", "Quick")]
public sealed partial class Owners(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    private ApiKeys ApiKeys => _node.Engine.GetRequiredService<ApiKeys>();

    [Fact]
    public void Each_endpoint_under_api_demands_a_scope_or_a_persons_own_token()
    {
        var open = _node
            .Engine.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) == true)
            .ToArray();
        Assert.True(open.Length > 20, $"only {open.Length} endpoints were found");
        Assert.Empty(
            open.Where(endpoint =>
                    Policies.ScopesOf(endpoint.Metadata).Count == 0
                    && !endpoint.Metadata.OfType<IAuthorizeData>().Any(needed => needed.Policy == Policies.User)
                )
                .Select(endpoint => $"{endpoint.RoutePattern.RawText} {endpoint.DisplayName}")
        );
    }

    public static TheoryData<string, string, string> Deeds =>
        new()
        {
            { "GET", "/api/bookings/{booking}", "" },
            { "POST", "/api/bookings/{booking}/approve", "" },
            { "POST", "/api/bookings/{off}/ask-again", "" },
            { "POST", "/api/bookings/{booking}/move", """{"startsAt":"{later}"}""" },
            { "POST", "/api/bookings/{booking}/cancel", "" },
            { "POST", "/api/bookings/{booking}/candidate", """{"candidate":{"name":"Mallory","telegramChatId":6666}}""" },
            { "GET", "/api/bookings/{booking}/reminders", "" },
            { "GET", "/api/bookings/{booking}/explain", "" },
            { "DELETE", "/api/notifications?type=cart&subject={cart}", "" },
            { "GET", "/api/notifications/explain?type=cart&subject={cart}", "" },
            { "GET", "/api/notifications/explain?type=booking&subject={booking}", "" },
            { "GET", "/api/recipients/{person}", "" },
            { "GET", "/api/recipients/{person}/export", "" },
            { "POST", "/api/recipients/{person}/erase", """{"reason":"because"}""" },
            { "POST", "/api/bookings/{approved}/answer", """{"answer":"confirm","by":"Rita","how":"phone"}""" },
            { "DELETE", "/api/recipients/{person}/addresses/email", "" },
            { "POST", "/api/recipients/{person}/start-code", "" },
            { "POST", "/api/tokens", """{"recipient":"{person}"}""" },
            { "POST", "/api/notifications", """{"kind":"CUSTOMER_CREATED","subject":"c-1","group":"{group}","data":{"customer":"x"}}""" },
        };

    [Theory]
    [MemberData(nameof(Deeds))]
    public async Task Anothers_object_is_a_404_with_the_words_of_none_and_stays_as_it_was(string method, string path, string body)
    {
        var (anna, mallory) = (await KeyAsync("anna"), await KeyAsync("mallory"));
        var there = await ThingsAsync(anna);
        var nothing = there.ToDictionary(
            thing => thing.Key,
            thing => thing.Key is "booking" or "approved" or "off" ? Guid.NewGuid().ToString() : $"{thing.Key}-{Guid.NewGuid():N}"
        );
        var before = await StateAsync();

        var another = await DoAsync(there, mallory);
        var none = await DoAsync(nothing, mallory);
        another.Problem(404);
        Assert.Equal(Without(none, nothing), Without(another, there));
        Assert.Equal(before, await StateAsync());
        // The deed itself is a good one.
        Assert.Equal(200, (await DoAsync(there, anna)).Status);

        Task<Reply> DoAsync(Dictionary<string, string> names, string key) =>
            _node.SendAsync(new(method), Fill(path, names), body.Length == 0 ? null : Fill(body, names), key);
    }

    [Fact]
    public async Task An_approval_in_bulk_finds_the_callers_own_and_no_others()
    {
        var (anna, mallory) = (await KeyAsync("anna"), await KeyAsync("mallory"));
        var (hers, theirs) = (await BookAsync(anna), await BookAsync(mallory));
        var results = (await _node.PostAsync("/api/bookings/approve", $$"""{"ids":["{{hers}}","{{theirs}}"]}""", mallory)).Json[
            "results"
        ]!.AsArray();
        Assert.Equal("not_found approved", $"{results[0]!["result"]} {results[1]!["result"]}");
        Assert.Equal("proposed", await _node.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", hers));
    }

    [Fact]
    public async Task The_same_reference_of_another_owner_is_another_person_and_no_mail_is_rerouted()
    {
        var (anna, mallory) = (await KeyAsync("anna"), await KeyAsync("mallory"));
        var reference = $"p-{Guid.NewGuid():N}";
        await KeepAsync(anna, reference, "anna@example.com");
        Assert.Equal(200, (await KeepAsync(mallory, reference, "mallory@example.com")).Status);
        Assert.Equal(
            "anna@example.com",
            (string)(await _node.GetAsync($"/api/recipients/{reference}", anna)).Json["addresses"]![0]!["address"]!
        );
        Assert.Equal(
            "mallory@example.com",
            (string)(await _node.GetAsync($"/api/recipients/{reference}", mallory)).Json["addresses"]![0]!["address"]!
        );

        // A booking that names them changes and shows its own owner's person.
        var booked = await _node.PostAsync(
            "/api/bookings",
            $$$"""
            {"title":"t","startsAt":"{{{Later()}}}","candidate":{"name":"Renamed","reference":"{{{reference}}}","telegramChatId":4444},"recruiter":{"name":"R"}}
            """,
            mallory
        );
        Assert.Equal(201, booked.Status);
        var hers = (await _node.GetAsync($"/api/recipients/{reference}", anna)).Json;
        Assert.Equal("Person", (string)hers["name"]!);
        Assert.NotEqual((string)hers["startCode"]!, (string)booked.Json["candidate"]!["startCode"]!);
        Assert.Single(hers["addresses"]!.AsArray());
    }

    [Fact]
    public async Task What_one_owner_asks_for_about_a_subject_and_a_group_is_no_matter_of_anothers_of_the_same_name()
    {
        var (anna, mallory) = (await KeyAsync("anna"), await KeyAsync("mallory"));
        var name = $"n-{Guid.NewGuid():N}";
        foreach (var key in (string[])[anna, mallory])
        {
            await KeepAsync(key, name, "x@example.com");
            Assert.Equal(200, (await _node.SendAsync(HttpMethod.Put, $"/api/groups/{name}", $$"""{"members":["{{name}}"]}""", key)).Status);
            var told = await _node.PostAsync(
                "/api/notifications",
                $$$"""{"kind":"CUSTOMER_CREATED","subject":"{{{name}}}","group":"{{{name}}}","data":{"customer":"x"},"delaySeconds":3600}""",
                key
            );
            Assert.Equal(1, (int)told.Json["planned"]!);
        }
        Assert.Equal(
            1,
            (int)
                (await _node.SendAsync(HttpMethod.Delete, $"/api/notifications?type=customer&subject={name}", null, mallory)).Json[
                    "cancelled"
                ]!
        );
        Assert.Equal(
            "open cancelled",
            await _node.ScalarAsync<string>("SELECT string_agg(status, ' ' ORDER BY owner) FROM reminders.subject WHERE key = $1", name)
        );
        // Mallory's group cannot hold Anna's people.
        var private_ = $"only-{Guid.NewGuid():N}";
        await KeepAsync(anna, private_, "y@example.com");
        Assert.Equal(
            ["members"],
            (await _node.SendAsync(HttpMethod.Put, "/api/groups/g", $$"""{"members":["{{private_}}"]}""", mallory)).WrongFields()
        );
        var refused = (
            await _node.PostAsync(
                "/api/notifications",
                $$$"""{"kind":"CUSTOMER_CREATED","subject":"s","recipients":["{{{private_}}}"],"data":{"customer":"x"}}""",
                mallory
            )
        ).Json;
        Assert.Equal("There is no such recipient.", (string)refused["recipients"]![0]!["reason"]!);
    }

    [Fact]
    public async Task Keys_of_one_owner_share_what_they_made_and_a_rotated_key_loses_nothing()
    {
        var owner = $"shop-{Guid.NewGuid():N}";
        var old = await _node.KeyAsync(owner, owner);
        var booking = await BookAsync(old);
        var next = await _node.KeyAsync($"{owner}-2", owner);
        Assert.True(await ApiKeys.RevokeAsync(owner));
        (await _node.GetAsync($"/api/bookings/{booking}", old)).Problem(401);
        Assert.Equal(200, (await _node.GetAsync($"/api/bookings/{booking}", next)).Status);
    }

    [Fact]
    public async Task An_operator_touches_every_owners_and_says_whose_where_several_have_the_name()
    {
        var (anna, mallory) = (await KeyAsync("anna"), await KeyAsync("mallory"));
        Assert.Equal(200, (await _node.PostAsync($"/api/bookings/{await BookAsync(anna)}/approve", null, _node.Operator)).Status);
        var reference = $"p-{Guid.NewGuid():N}";
        await KeepAsync(anna, reference, "anna@example.com");
        Assert.Equal(200, (await _node.GetAsync($"/api/recipients/{reference}", _node.Operator)).Status);
        await KeepAsync(mallory, reference, "mallory@example.com");
        var owners = await _node.ScalarAsync<string[]>(
            "SELECT array_agg(owner ORDER BY owner) FROM reminders.recipient WHERE reference = $1",
            reference
        );
        Assert.Contains(
            owners[0],
            (string)(await _node.GetAsync($"/api/recipients/{reference}", _node.Operator)).Problem(409)["detail"]!,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "anna@example.com",
            (string)
                (
                    await _node.GetAsync(
                        $"/api/recipients/{reference}?owner={owners.Single(owner => owner.StartsWith("anna", StringComparison.Ordinal))}",
                        _node.Operator
                    )
                ).Json["addresses"]![0]!["address"]!
        );
        // It is no way round for anybody else.
        (await _node.GetAsync($"/api/recipients/{reference}?owner={owners[0]}", await KeyAsync("third"))).Problem(403);
    }

    [Theory]
    [InlineData("bookings:own", "POST", "/api/tokens", "tokens:issue")]
    [InlineData("bookings:own", "PUT", "/api/recipients", "recipients:write")]
    [InlineData("bookings:own", "GET", "/api/recipients/x", "recipients:write")]
    [InlineData("bookings:own", "POST", "/api/recipients/x/erase", "recipients:write")]
    [InlineData("recipients:write", "POST", "/api/bookings", "bookings:own")]
    [InlineData("recipients:write", "POST", "/api/notifications", "notifications:send")]
    [InlineData("notifications:send", "GET", "/api/audit", "operate")]
    [InlineData("notifications:send", "POST", "/api/outbox/1/resend", "operate")]
    public async Task A_key_without_the_scope_is_a_403_that_names_it_and_an_attempt_to_change_something_is_audited(
        string has,
        string method,
        string path,
        string needs
    )
    {
        var name = $"narrow-{Guid.NewGuid():N}";
        var reply = await _node.SendAsync(new(method), path, method == "GET" ? null : "{}", await _node.KeyAsync(name, name, has));
        Assert.Contains(needs, (string)reply.Problem(403)["detail"]!, StringComparison.Ordinal);
        Assert.Equal(
            method == "GET" ? 0 : 1,
            await _node.ScalarAsync<long>("SELECT count(*) FROM reminders.audit WHERE actor = $1 AND refused", $"api:{name}")
        );
    }

    [Fact]
    public async Task An_expired_key_is_refused_and_the_last_use_is_noted_once_a_minute()
    {
        var name = $"short-{Guid.NewGuid():N}";
        var made = Assert
            .IsType<Outcome<NewApiKey>.Done>(
                await ApiKeys.CreateAsync(new(name, ApiScopes.Of(ApiRole.Recruiter), null, TimeSpan.FromHours(1)), "cli:olga")
            )
            .Value;
        (await _node.GetAsync("/api/bookings/7", made.Key)).Problem(400);
        var first = (await ApiKeys.ListAsync()).Single(key => key.Name == name).LastUsedAt;
        Assert.NotNull(first);
        await _node.GetAsync("/api/bookings/7", made.Key);
        Assert.Equal(first, (await ApiKeys.ListAsync()).Single(key => key.Name == name).LastUsedAt);
        await _node.ScalarAsync<long>(
            "UPDATE reminders.api_key SET last_used_at = now() - interval '2 minutes' WHERE name = $1 RETURNING id",
            name
        );
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _node.GetAsync("/api/bookings/7", made.Key)));
        Assert.True((await ApiKeys.ListAsync()).Single(key => key.Name == name).LastUsedAt >= first);
        await _node.ScalarAsync<long>("UPDATE reminders.api_key SET expires_at = now() WHERE name = $1 RETURNING id", name);
        (await _node.GetAsync("/api/bookings/7", made.Key)).Problem(401);
        Assert.Equal(
            "cli:olga",
            await _node.ScalarAsync<string>("SELECT actor FROM reminders.audit WHERE action = 'key.create' AND about = $1", $"key {name}")
        );
    }

    [Fact]
    public async Task Every_change_of_an_address_a_token_or_a_candidate_is_in_the_audit_with_its_caller_and_without_the_address()
    {
        var name = $"audited-{Guid.NewGuid():N}";
        var key = await _node.KeyAsync(name, name);
        var reference = $"p-{Guid.NewGuid():N}";
        await KeepAsync(key, reference, "first@example.com");
        await KeepAsync(key, reference, "first@example.com");
        await KeepAsync(key, reference, "second@example.org");
        await _node.PostAsync("/api/tokens", $$"""{"recipient":"{{reference}}"}""", key);
        await _node.PostAsync("/api/tokens/revoke", $$"""{"recipient":"{{reference}}"}""", key);
        var booking = await BookAsync(key);
        await _node.PostAsync($"/api/bookings/{booking}/candidate", """{"candidate":{"name":"Other","telegramChatId":81234567}}""", key);
        (await _node.PostAsync("/api/tokens", """{"recipient":"somebody-elses"}""", key)).Problem(404);

        var lines = (await _node.GetAsync("/api/audit?size=200", _node.Operator)).Json["items"]!
            .AsArray()
            .Where(line => (string)line!["actor"]! == $"api:{name}")
            .Select(line => $"{line!["action"]}{((bool)line["refused"]! ? " refused" : "")}")
            .Reverse();
        Assert.Equal(
            [
                "address.change",
                "address.change",
                "token.issue",
                "token.revoke",
                "address.change",
                "address.change",
                "address.change",
                "booking.candidate",
                "token.issue refused",
            ],
            lines
        );
        var text = await _node.ScalarAsync<string>(
            "SELECT string_agg(a::text, ' ' ORDER BY id) FROM reminders.audit a WHERE actor = $1",
            $"api:{name}"
        );
        Assert.Contains("s…@example.org", text, StringComparison.Ordinal);
        Assert.DoesNotContain("second@", text, StringComparison.Ordinal);
        Assert.DoesNotContain("81234567", text, StringComparison.Ordinal);
        (await _node.GetAsync("/api/audit", key)).Problem(403);
    }

    [Fact]
    public async Task Two_owners_people_of_one_reference_do_not_share_an_idempotency_key()
    {
        var (anna, mallory) = (await KeyAsync("anna"), await KeyAsync("mallory"));
        var reference = $"p-{Guid.NewGuid():N}";
        var tokens = new List<string>();
        foreach (var key in (string[])[anna, mallory])
        {
            await KeepAsync(key, reference, "x@example.com");
            tokens.Add((string)(await _node.PostAsync("/api/tokens", $$"""{"recipient":"{{reference}}"}""", key)).Json["token"]!);
        }
        var item = await _node.ScalarAsync<long>(
            """
            WITH s AS (INSERT INTO reminders.subject (type, key, status, created_by) VALUES ('ticket', $1, 'open', 'test') RETURNING id),
            r AS (SELECT id FROM reminders.recipient WHERE reference = $1 AND owner LIKE 'anna%'),
            o AS (INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                planned_by, fired_at)
                  SELECT 'TICKET_COMMENT', s.id, 1, r.id, 'fired', '{open}', '', now(), now(), 'test', now() FROM s, r
                      RETURNING id, recipient_id)
            INSERT INTO reminders.inbox_item (occurrence_id, recipient_id, seq, kind, subject_type, subject_key, data)
            SELECT id, recipient_id, 1, 'TICKET_COMMENT', 'ticket', 'T', '{}' FROM o RETURNING id
            """,
            reference
        );
        Assert.Equal(200, (await _node.PostAsync($"/api/notifications/{item}/mark_as_read/", null, tokens[0], "guessed")).Status);
        (await _node.PostAsync($"/api/notifications/{item}/mark_as_read/", null, tokens[1], "guessed")).Problem(404);
    }

    /// <summary>A key of an owner nobody else has.</summary>
    private Task<string> KeyAsync(string owner)
    {
        var name = $"{owner}-{Guid.NewGuid():N}";
        return _node.KeyAsync(name, name);
    }

    private async Task<string> BookAsync(string key) =>
        (string)(await _node.PostAsync("/api/bookings", WebNode.Booking(), key)).Json["id"]!;

    private Task<Reply> KeepAsync(string key, string reference, string mail) =>
        _node.SendAsync(
            HttpMethod.Put,
            "/api/recipients",
            $$$"""{"recipients":[{"reference":"{{{reference}}}","name":"Person","addresses":{"email":"{{{mail}}}"}}]}""",
            key
        );

    /// <summary>One of each, of one owner.</summary>
    private async Task<Dictionary<string, string>> ThingsAsync(string key)
    {
        var things = new Dictionary<string, string>
        {
            ["booking"] = await BookAsync(key),
            ["person"] = $"person-{Guid.NewGuid():N}",
            ["group"] = $"group-{Guid.NewGuid():N}",
            ["cart"] = $"cart-{Guid.NewGuid():N}",
        };
        Assert.Equal(200, (await _node.PostAsync($"/api/bookings/{things["approved"] = await BookAsync(key)}/approve", null, key)).Status);
        Assert.Equal(200, (await _node.PostAsync($"/api/bookings/{things["off"] = await BookAsync(key)}/cancel", null, key)).Status);
        await KeepAsync(key, things["person"], "anna@example.com");
        await _node.SendAsync(HttpMethod.Put, $"/api/groups/{things["group"]}", $$"""{"members":["{{things["person"]}}"]}""", key);
        var asked = await _node.PostAsync(
            "/api/notifications",
            Fill(
                """{"kind":"CART_ABANDONED","subject":"{cart}","recipients":["{person}"],"data":{"cart_hash":"1","items":"x","url":"https://x"}}""",
                things
            ),
            key
        );
        Assert.Equal(1, (int)asked.Json["planned"]!);
        return things;
    }

    /// <summary>All that a deed could have changed.</summary>
    private Task<string> StateAsync() =>
        _node.ScalarAsync<string>(
            """
            SELECT concat_ws('|', (SELECT string_agg(s::text, ',' ORDER BY id) FROM reminders.subject s), (SELECT string_agg(r::text, ','
                ORDER BY id) FROM reminders.recipient r),
                (SELECT string_agg(a::text, ',' ORDER BY recipient_id, channel) FROM reminders.address a), (SELECT string_agg(p::text, ','
                    ORDER BY subject_id, role) FROM reminders.party p),
                (SELECT count(*) FROM reminders.occurrence), (SELECT string_agg(t::text, ',' ORDER BY hash) FROM reminders.access_token t))
            """
        );

    private static string Fill(string text, Dictionary<string, string> things) =>
        Names().Replace(text, match => match.Groups[1].Value == "later" ? Later() : things[match.Groups[1].Value]);

    private static string Later() => $"{TimeProvider.System.GetUtcNow().AddHours(72):O}";

    private static string Without(Reply reply, Dictionary<string, string> things)
    {
        var text = reply.Json.AsObject().Where(field => field.Key != "traceId").Aggregate("", (all, field) => all + field);
        return things.Values.Aggregate(
            text,
            (all, name) => all.Replace(name.Length > 40 ? name[..40] : name, "?", StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(@"\{(booking|approved|off|person|group|cart|later)\}")]
    private static partial Regex Names();
}
