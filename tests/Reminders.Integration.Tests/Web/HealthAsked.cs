using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;

namespace Reminders.Integration.Tests.Web;

/// <summary>Readiness asks what the work needs (rule 19): each check can turn red, and names what is wrong.</summary>
public sealed class HealthAsked(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_loop_that_hangs_is_named_by_readiness_and_by_doctor_which_is_another_process()
    {
        await using var node = await WebNode.StartAsync(postgres);
        node.Engine.GetRequiredService<LoopWatch>().Add("stand still", TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(async () => (await node.GetAsync("/health/ready", "")).Status == 503, Patience, "not ready");
        var loops = (await node.GetAsync("/health/ready", "")).Json["checks"]!["loops"]!;
        Assert.Equal("failing", (string)loops["status"]!);
        Assert.StartsWith("'stand still' has not come round for ", (string)loops["description"]!);
        await Eventually.TrueAsync(
            () => node.ScalarAsync<bool>("SELECT hanging = ARRAY['stand still'] FROM reminders.node"),
            Patience,
            "written down"
        );
        var doctor = await CommandLine.RunAsync(node.ConnectionString, "doctor");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("✗ loops", doctor.Output);
        Assert.Contains("hang: stand still", doctor.Output);
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_is_said_by_readiness_by_doctor_and_by_a_metric()
    {
        await using var node = await WebNode.StartAsync(postgres);
        var aside = new ConcurrentDictionary<string, int>();
        using var metrics = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "reminders.row.aside")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        metrics.SetMeasurementEventCallback<int>(
            (_, count, tags, _) => aside.AddOrUpdate((string)tags[0].Value!, count, (_, before) => Math.Max(count, before))
        );
        metrics.Start();
        await using (
            var refuse = node.Database.CreateCommand(
                """
                CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no, secret'
                    USING ERRCODE = '23514'; END $$;
                CREATE TRIGGER refuse BEFORE UPDATE ON reminders.outbox FOR EACH ROW WHEN (NEW.state = 'sending')
                    EXECUTE FUNCTION public.refuse();
                """
            )
        )
        {
            await refuse.ExecuteNonQueryAsync(Stop);
        }

        var booked = await node.PostAsync("/api/bookings", WebNode.Booking(startsIn: TimeSpan.FromMinutes(115)));
        await node.PostAsync($"/api/bookings/{booked.Json["id"]}/approve");
        await Eventually.TrueAsync(async () => (string)(await RowsAsync(node))["status"]! == "degraded", Patience, "degraded");
        Assert.Equal(
            "The database refuses rows, which are left alone for a while: claim: 1 (the last with SQLSTATE 23514).",
            (string)(await RowsAsync(node))["description"]!
        );
        Assert.Equal(200, (await node.GetAsync("/health/ready", "")).Status);
        await Eventually.TrueAsync(
            () => node.ScalarAsync<bool>("SELECT aside = ARRAY['claim: 1 (the last with SQLSTATE 23514)'] FROM reminders.node"),
            Patience,
            "written down"
        );
        await Eventually.TrueAsync(
            async () =>
                (await Doctor.ClusterChecks.NodesAsync(new(node.Database), Stop)).Any(finding =>
                    finding is { Health: Doctor.Health.Attention, About: "rows" }
                    && finding.Says().Contains("claim: 1 (the last with SQLSTATE 23514).", StringComparison.Ordinal)
                ),
            Patience,
            "said by doctor"
        );
        metrics.RecordObservableInstruments();
        Assert.Equal(1, aside["claim"]);

        await using (var allow = node.Database.CreateCommand("DROP TRIGGER refuse ON reminders.outbox"))
        {
            await allow.ExecuteNonQueryAsync(Stop);
        }

        await Eventually.TrueAsync(async () => (string)(await RowsAsync(node))["status"]! == "ok", TimeSpan.FromSeconds(120), "over");
        await Eventually.TrueAsync(() => node.ScalarAsync<bool>("SELECT aside = '{}' FROM reminders.node"), Patience, "written down");
    }

    [Fact]
    public async Task Every_loop_of_a_node_has_a_pulse_and_what_holds_one_up_stills_it_and_no_other()
    {
        await using var node = await WebNode.StartAsync(postgres, null, ("Telegram:Mode", "Polling"));
        var watch = node.Engine.GetRequiredService<LoopWatch>();
        string[] expected =
        [
            "answer, lane 1",
            "answer, lane 2",
            "clock guard",
            "heartbeat",
            "inbox feed",
            "keep triggers",
            "listen",
            "poll telegram",
            "purge",
            "tally",
            "reconcile",
            "source words",
            "store triggers",
        ];
        await Eventually.TrueAsync(
            () => Task.FromResult(expected.All(name => watch.Look().Any(loop => loop.Name == name))),
            Patience,
            "all there"
        );
        await using var connection = await node.Database.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using (var hold = new NpgsqlCommand("LOCK TABLE reminders.inbound_update IN ACCESS EXCLUSIVE MODE", connection))
        {
            await hold.ExecuteNonQueryAsync(Stop);
        }

        await Eventually.TrueAsync(
            () =>
                Task.FromResult(
                    Silence("answer, lane 1") > 5
                        && Silence("answer, lane 2") > 5
                        && Silence("reconcile") < 3
                        && Silence("heartbeat") < 4
                        && Silence("source words") < 3
                ),
            Patience,
            "two stand, the others do not"
        );
        await transaction.RollbackAsync(Stop);
        await Eventually.TrueAsync(
            () => Task.FromResult(Silence("answer, lane 1") < 3 && Silence("answer, lane 2") < 3),
            Patience,
            "they go on"
        );

        double Silence(string name) => watch.Look().Single(loop => loop.Name == name).Silence.TotalSeconds;
    }

    [Fact]
    public async Task A_listener_that_is_connected_and_hears_nothing_says_so_and_hears_again()
    {
        var direct = await postgres.CreateDatabaseAsync();
        await using var line = new DeafLine(new NpgsqlConnectionStringBuilder(direct).Port);
        await using var node = await WebNode.StartOnAsync(
            new NpgsqlConnectionStringBuilder(direct)
            {
                Host = "127.0.0.1",
                Port = line.Port,
                SslMode = SslMode.Disable,
            }.ConnectionString
        );
        await ListenerIsAsync(node, "ok");
        line.IsDeaf = true;
        await ListenerIsAsync(node, "degraded");
        Assert.True(line.Dropped > 0);
        await Eventually.TrueAsync(() => node.ScalarAsync<bool>("SELECT NOT hears FROM reminders.node"), Patience, "written down");
        var findings = await Doctor.ClusterChecks.NodesAsync(new(node.Database), Stop);
        Assert.Contains(findings, finding => finding.About == "listener");
        // Deaf is slower, not wrong.
        Assert.Equal(200, (await node.GetAsync("/health/ready", "")).Status);
        line.IsDeaf = false;
        await ListenerIsAsync(node, "ok");
    }

    [Fact]
    public async Task A_database_that_refuses_a_write_is_not_ready_though_it_answers_every_question()
    {
        await using var node = await WebNode.StartAsync(postgres);
        await Eventually.TrueAsync(async () => (await node.GetAsync("/health/ready", "")).Status == 200, Patience, "ready");
        await using (
            var refuse = node.Database.CreateCommand(
                """
                CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'
                    USING ERRCODE = '53100'; END $$;
                CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON reminders.node FOR EACH ROW EXECUTE FUNCTION public.refuse();
                """
            )
        )
        {
            await refuse.ExecuteNonQueryAsync(Stop);
        }

        var ready = await node.GetAsync("/health/ready", "");
        Assert.Equal((503, "failing"), (ready.Status, (string)ready.Json["checks"]!["database"]!["status"]!));
        Assert.Contains("refuses a write (SQLSTATE 53100)", (string)ready.Json["checks"]!["database"]!["description"]!);
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> RowsAsync(WebNode node) =>
        (await node.GetAsync("/health/ready", "")).Json["checks"]!["rows"]!;

    private static Task ListenerIsAsync(WebNode node, string status) =>
        Eventually.TrueAsync(
            async () => (string)(await node.GetAsync("/health/ready", "")).Json["checks"]!["listener"]!["status"]! == status,
            Patience,
            status
        );
}
