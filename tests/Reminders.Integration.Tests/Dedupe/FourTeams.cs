using Npgsql;
using Reminders.Cli.Dedupe;

namespace Reminders.Integration.Tests.Dedupe;

/// <summary>The tables that it was made for, shaped like those of the incident reports.</summary>
public sealed class FourTeams(Postgres postgres)
{
    [Fact]
    public async Task Chat_messages_without_a_provider_id_are_nobodys_duplicates_and_go_on_being_written()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE chat_messages (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, wa_message_id varchar(255), direction text,
                created_at timestamptz DEFAULT clock_timestamp());
            INSERT INTO chat_messages (wa_message_id, direction) SELECT '', 'out' FROM generate_series(1, 50);
            INSERT INTO chat_messages (wa_message_id, direction) SELECT 'wamid.' || n, 'in'
                FROM generate_series(1, 20) n, generate_series(1, 2);
            """
        );
        DuplicateSurvey? survey = null;
        await old.DryRunAsync(new("chat_messages", ["wa_message_id"]), (_, seen) => survey = seen);
        Assert.Equal((90L, 20L, 20L, 50L), (survey!.Rows, survey.Groups, survey.ToMove, survey.NullKeys));

        var done = Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("chat_messages", ["wa_message_id"])));

        Assert.Equal((20, "public.chat_messages_wa_message_id_unique"), (done.Moved, done.Index));
        Assert.Equal(50, await old.ReadAsync<long>("SELECT count(*) FROM chat_messages WHERE wa_message_id = ''"));
        await old.ExecuteAsync("INSERT INTO chat_messages (wa_message_id, direction) VALUES ('', 'out'), (NULL, 'out')");
        await AssertRefusedAsync(old, "INSERT INTO chat_messages (wa_message_id) VALUES ('wamid.1')", "chat_messages_wa_message_id_unique");
        await old.ExecuteAsync(
            "INSERT INTO chat_messages (wa_message_id) VALUES ('wamid.1') ON CONFLICT (wa_message_id) WHERE wa_message_id <> '' DO NOTHING"
        );
        Assert.IsType<DedupeOutcome.NothingToDo>(await old.ApplyAsync(new("chat_messages", ["wa_message_id"])));
    }

    [Fact]
    public async Task Unless_it_is_said_that_an_empty_text_counts()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, ''), (2, ''), (3, NULL), (4, NULL)"
        );
        Assert.Equal(1, Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(new("t", ["a"]) { EmptyCounts = true })).Moved);
        Assert.Equal("1,3,4", await old.ReadAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM t"));
    }

    [Theory]
    [InlineData("user_id,metadata->>'customer_id'")]
    [InlineData("user_id, (metadata ->> 'customer_id')")]
    public async Task Notifications_are_unique_by_what_their_json_says_for_one_type_only(string keys)
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE notifications (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id int NOT NULL, type text NOT NULL,
                metadata jsonb, created_at timestamptz DEFAULT clock_timestamp());
            INSERT INTO notifications (user_id, type, metadata) SELECT u, 'new_customer', jsonb_build_object('customer_id', c, 'at', copy)
                FROM generate_series(1, 8) u, generate_series(1, 5) c, generate_series(1, 3) copy;
            INSERT INTO notifications (user_id, type, metadata) SELECT 1, 'comment', '{"customer_id": 1}' FROM generate_series(1, 7);
            INSERT INTO notifications (user_id, type, metadata) SELECT 1, 'new_customer', '{}' FROM generate_series(1, 4);
            """
        );
        var settings = new DedupeSettings("notifications", [keys]) { Where = "type = 'new_customer'" };

        var done = Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(settings));

        Assert.Equal(80, done.Moved);
        Assert.Equal(
            (40L, 7L, 4L),
            (
                await old.ReadAsync<long>(
                    "SELECT count(DISTINCT (user_id, metadata->>'customer_id')) FROM notifications WHERE type = "
                        + "'new_customer' AND metadata ? 'customer_id'"
                ),
                await old.ReadAsync<long>("SELECT count(*) FROM notifications WHERE type = 'comment'"),
                await old.ReadAsync<long>("SELECT count(*) FROM notifications WHERE metadata = '{}'")
            )
        );
        await old.ExecuteAsync("""INSERT INTO notifications (user_id, type, metadata) VALUES (1, 'comment', '{"customer_id": 1}')""");
        await AssertRefusedAsync(
            old,
            """INSERT INTO notifications (user_id, type, metadata) VALUES (1, 'new_customer', '{"customer_id": 1}')""",
            done.Index!.Split('.')[1]
        );
        Assert.IsType<DedupeOutcome.NothingToDo>(await old.ApplyAsync(settings));
        // The same keys of another type are another index.
        Assert.NotEqual(
            done.Index,
            Assert.IsType<DedupeOutcome.Done>(await old.ApplyAsync(settings with { Where = "type = 'comment'" })).Index
        );
    }

    [Fact]
    public async Task Of_an_outbox_the_row_that_was_sent_is_kept_and_not_the_oldest()
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE outbox (id int PRIMARY KEY, type text, booking_id int, recipient text, status text, created_at timestamptz);
            INSERT INTO outbox VALUES
                (1, 'CONFIRM_2H', 7, 'anna', 'failed', '2026-01-01'), (2, 'CONFIRM_2H', 7, 'anna', 'sent', '2026-01-02'), (3, 'CONFIRM_2H', 7, 'anna', 'sent', '2026-01-03'),
                (4, 'CONFIRM_2H', 8, 'anna', 'failed', '2026-01-01'), (5, 'CONFIRM_2H', 8, 'anna', 'pending', '2026-01-02'), (6, 'NO_ANSWER_1H', 7, 'rita', NULL, '2026-01-01');
            """
        );
        await old.ApplyAsync(new("outbox", ["type,booking_id,recipient"]) { Prefer = "status = 'sent'" });
        Assert.Equal("2,4,6", await old.ReadAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM outbox"));
        Assert.Equal("""{"id": 2}""", await old.ReadAsync<string>("SELECT kept_key::text FROM outbox_duplicates WHERE id = 1"));
    }

    [Theory]
    [InlineData("timestamptz")]
    [InlineData("timestamp")]
    public async Task A_cart_mail_after_the_window_is_no_duplicate_and_no_index_says_so(string type)
    {
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            $"""
            CREATE TABLE cart_mails (id int PRIMARY KEY, user_id int, cart_hash text, sent_at {type});
            INSERT INTO cart_mails SELECT n, 1, 'h', timestamp '2026-01-01' + make_interval(hours => n)
                FROM unnest(ARRAY[0, 1, 23, 24, 47, 48, 49, 100]) n;
            INSERT INTO cart_mails VALUES (1000, 2, 'h', '2026-01-01'), (1001, 2, 'h', NULL), (1002, 2, 'h', NULL), (1003, 1, 'other',
                '2026-01-01 00:30');
            """
        );
        var settings = new DedupeSettings("cart_mails", ["user_id,cart_hash"], Order: "sent_at", Batch: 1)
        {
            Within = TimeSpan.FromHours(24),
        };
        DuplicateSurvey? survey = null;
        await old.DryRunAsync(settings, (_, seen) => survey = seen);
        Assert.Equal((3L, 4L, 2L), (survey!.Groups, survey.ToMove, survey.NullKeys));

        Assert.Equal(new DedupeOutcome.Done(4, null, 1, false), await old.ApplyAsync(settings));

        Assert.Equal(
            "0,24,48,100,1000,1001,1002,1003",
            await old.ReadAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM cart_mails")
        );
        Assert.Equal(
            "0 0 24 48",
            await old.ReadAsync<string>("SELECT string_agg(kept_key->>'id', ' ' ORDER BY id) FROM cart_mails_duplicates")
        );
        Assert.Equal(
            0,
            await old.ReadAsync<long>("SELECT count(*) FROM pg_index WHERE indrelid = 'cart_mails'::regclass AND NOT indisprimary")
        );
        Assert.Equal(new DedupeOutcome.Done(0, null, 1, false), await old.ApplyAsync(settings));
    }

    [Fact]
    public async Task Without_an_index_the_rows_are_only_moved()
    {
        await using var old = await OldDatabase.WithMessagesAsync(postgres, 30);
        Assert.Equal(new DedupeOutcome.Done(30, null, 1, false), await old.ApplyAsync(new("message", ["wamid"]) { NoIndex = true }));
        await old.ExecuteAsync("INSERT INTO message (wamid, body) VALUES ('w1', 'again')");
    }

    private static async Task AssertRefusedAsync(OldDatabase old, string insert, string constraint) =>
        Assert.Equal(
            (PostgresErrorCodes.UniqueViolation, constraint),
            await Assert.ThrowsAsync<PostgresException>(() => old.ExecuteAsync(insert)) is var refused
                ? (refused.SqlState, refused.ConstraintName)
                : default
        );
}
