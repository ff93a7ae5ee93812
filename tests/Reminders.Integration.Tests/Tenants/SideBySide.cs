using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Outbox.Operators;
using Reminders.People;

namespace Reminders.Integration.Tests.Tenants;

/// <summary>Two installations in one process and one database: each has its own of everything, under the same names.</summary>
public sealed class SideBySide(Postgres postgres)
{
    private const long Anna = TenantsApp.Tenant.Candidate;
    private const long Rita = TenantsApp.Tenant.Recruiter;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_same_slot_of_the_same_people_is_asked_by_each_in_its_own_words_and_answered_once_for_each()
    {
        await using var app = await TenantsApp.StartAsync(postgres);
        foreach (var tenant in (TenantsApp.Tenant[])[app.A, app.B])
        {
            Assert.Equal(1, (await tenant.ApproveAsync()).Planned);
            Assert.Equal(0, (await tenant.ApproveAsync()).Planned);
        }

        foreach (var (tenant, button) in ((TenantsApp.Tenant, int)[])[(app.A, 0), (app.B, 1)])
        {
            var question = await tenant.QuestionAsync();
            var says = tenant.Name.ToUpperInvariant();
            Assert.StartsWith($"{says} asks Anna: {TenantsApp.PublicUrl}{tenant.Name}/answer/", question.Text, StringComparison.Ordinal);
            Assert.Equal($"Yes, {says}", question.Buttons[0].Label);
            tenant.Telegram.PressButton(Anna, question.MessageId, button, times: 2);
        }

        await app.A.Telegram.Record.WaitForAsync(record => record.MessagesTo(Rita).Count > 0 && record.Answers.Count == 2, Patience);
        await app.B.Telegram.Record.WaitForAsync(record => record.Edits.Count > 0 && record.Answers.Count == 2, Patience);
        Assert.Equal(("confirmed", "declined"), (await app.A.StatusAsync(), await app.B.StatusAsync()));
        Assert.Equal("A was told yes", Assert.Single(app.A.Telegram.Record.MessagesTo(Rita)).Text);
        Assert.Empty(app.B.Telegram.Record.MessagesTo(Rita));
        await app.A.Telegram.Record.WaitForAsync(record => record.Edits.Count > 0, Patience);
        Assert.StartsWith("A: confirmed", Shown(app.A), StringComparison.Ordinal);
        Assert.StartsWith("B: declined", Shown(app.B), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Task.FromResult(app.Told.All.Count == 2), Patience, "the app was told of both");
        Assert.Equal(["a: s-1 confirm", "b: s-1 decline"], app.Told.All.Order());
        // The very same ids were received, and each is its own.
        Assert.Equal(
            (2, 2L),
            (
                await app.ScalarAsync<int>(
                    "SELECT count(*)::int FROM a.inbound_update JOIN b.inbound_update USING (source, provider_id) WHERE source = 'telegram'"
                ),
                await app.A.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update")
            )
        );
        Assert.Single(app.A.Telegram.Record.MessagesTo(Anna));
        Assert.Single(app.B.Telegram.Record.MessagesTo(Anna));
        Assert.NotNull(await app.A.Reminders.ExplainAsync("slot", "s-1", TestContext.Current.CancellationToken));
        Assert.DoesNotContain("Quartz", string.Join('\n', app.Log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_paused_stopped_or_erased_in_one_goes_on_in_the_other()
    {
        await using var app = await TenantsApp.StartAsync(postgres);
        Assert.IsType<Outcome<ChannelStatus>.Done>(await app.A.SendAsync(new PauseChannel("telegram", null, "a's own")));
        await app.A.ApproveAsync();
        await app.B.ApproveAsync();
        await app.B.QuestionAsync();
        Assert.Empty(app.A.Telegram.Record.Messages);
        await app.A.SendAsync(new ResumeChannel("telegram", null, "a's own"));
        await app.A.QuestionAsync();

        app.A.Telegram.SendText(Anna, "/stop");
        await Eventually.TrueAsync(
            () => app.A.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.opt_out)"),
            Patience,
            "a heard the stop"
        );
        Assert.False(await app.B.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.opt_out)"));
        await app.B.ApproveAsync("s-2");
        await app.B.Telegram.Record.WaitForAsync(record => record.MessagesTo(Anna).Count == 2, Patience);

        Assert.IsType<Outcome<PersonErased>.Done>(await app.A.SendAsync(new ErasePerson("anna", "asked for")));
        Assert.Equal(0, await app.A.ScalarAsync<long>("SELECT count(*) FROM reminders.recipient WHERE reference = 'anna'"));
        Assert.Equal(
            "1001",
            await app.B.ScalarAsync<string>(
                "SELECT address FROM reminders.address JOIN b.recipient r ON r.id = recipient_id WHERE r.reference = 'anna'"
            )
        );

        Assert.IsType<Outcome<KindStatus>.Done>(await app.A.SendAsync(new PauseKind("ASK", null, "a's own")));
        await app.B.ApproveAsync("s-3");
        await app.B.Telegram.Record.WaitForAsync(record => record.MessagesTo(Anna).Count == 3, Patience);
    }

    [Fact]
    public async Task Each_is_told_apart_by_its_metrics_its_sessions_its_health_and_its_scheduler()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, one) =>
        {
            if (instrument is { Name: "reminders.outbox.settled" } && instrument.Meter.Tags?.Any() == true)
            {
                one.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, _, _) => counted.AddOrUpdate(string.Join(',', instrument.Meter.Tags!), value, (_, sum) => sum + value)
        );
        listener.Start();
        await using var app = await TenantsApp.StartAsync(postgres);
        await app.B.ApproveAsync();
        await app.B.QuestionAsync();
        await Eventually.TrueAsync(() => Task.FromResult(!counted.IsEmpty), Patience, "it is counted");
        Assert.Equal(["[reminders.installation, b]"], counted.Keys);

        Assert.Equal(
            "reminders a, reminders b",
            await app.ScalarAsync<string>(
                """
                SELECT string_agg(DISTINCT application_name, ', ') FROM pg_stat_activity
                WHERE datname = current_database() AND application_name LIKE 'reminders%'
                """
            )
        );
        Assert.Equal(
            "a 1, b 1",
            await app.ScalarAsync<string>(
                """
                SELECT string_agg(sched_name || ' ' || nodes, ', ' ORDER BY 1) FROM (
                    SELECT sched_name, count(*) AS nodes FROM (
                        SELECT sched_name FROM a_quartz.qrtz_scheduler_state UNION ALL
                        SELECT sched_name FROM b_quartz.qrtz_scheduler_state) n
                    GROUP BY 1) t
                """
            )
        );

        var health = app.App.Services.GetRequiredService<HealthCheckService>();
        await Eventually.TrueAsync(
            async () => (await ReportAsync()).Values.All(entry => entry.Status == HealthStatus.Healthy),
            Patience,
            "both are well",
            async () => string.Join('\n', (await ReportAsync()).Select(entry => $"{entry.Key}: {entry.Value.Description}"))
        );
        app.A.Telegram.RevokeToken();
        await Eventually.TrueAsync(
            async () => (await ReportAsync())["reminders-a"].Status != HealthStatus.Healthy,
            Patience,
            "a's trouble is seen"
        );
        Assert.Equal(HealthStatus.Healthy, (await ReportAsync())["reminders-b"].Status);

        async Task<IReadOnlyDictionary<string, HealthReportEntry>> ReportAsync() =>
            (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Entries;
    }

    private static string Shown(TenantsApp.Tenant tenant) =>
        tenant.Telegram.Record.CurrentMessage(Anna, tenant.Telegram.Record.MessagesTo(Anna)[0].MessageId)!.Text;
}
