using Embedded;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Apps;
using Reminders.Channels;
using Reminders.Hosting;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Telegram;
using Reminders.People;
using Reminders.Settings;
using Reminders.Telegram;
using Reminders.Web;

namespace Reminders.Integration.Tests.Embedding;

/// <summary>What an app may leave out, and what it may bring.</summary>
public sealed class Roles(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>No token and no scheduler; what it plans leaves by another node, at its instant.</summary>
    [Fact]
    public async Task A_node_that_only_plans_stores_triggers_and_sends_nothing()
    {
        await using var telegram = await TelegramSimulator.StartAsync(new() { EnforceLimits = false, AutoCreateChats = true });
        telegram.AddChat(1001);
        var connectionString = await postgres.CreateDatabaseAsync();
        var planner = Host.CreateEmptyApplicationBuilder(new());
        Declare(planner.Services.AddReminders(Settings(connectionString, "planner"))).AddTelegram().PlanOnly();
        using var web = planner.Build();
        await web.StartAsync(Stop);
        // Due in seconds, so that there is a trigger to store; of use until long after the other node is up.
        var start = TimeProvider.System.GetUtcNow().AddSeconds(60);
        await web.Services.GetRequiredService<IReminders>().ApplyAsync(Slot(start), Stop);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await Eventually.TrueAsync(
            () => IsTrueAsync(database, "SELECT EXISTS (SELECT FROM quartz.qrtz_triggers)"),
            Patience,
            "the planner stored a trigger"
        );
        Assert.True(await IsTrueAsync(database, "SELECT NOT EXISTS (SELECT FROM reminders.outbox)"));

        var settings = Settings(connectionString, "sender");
        settings["Reminders:Telegram:BotToken"] = telegram.Token;
        settings["Reminders:Telegram:ApiBaseUrl"] = telegram.BaseAddress.ToString();
        var sender = Host.CreateEmptyApplicationBuilder(new());
        Declare(sender.Services.AddReminders(settings)).AddTelegram().PlanOnly(when: false);
        using var worker = sender.Build();
        await worker.StartAsync(Stop);
        await telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience, Stop);
        Assert.True(await IsTrueAsync(database, "SELECT bool_and(leased_by LIKE 'sender%') FROM reminders.outbox"));
        await worker.StopAsync(Stop);
        await web.StopAsync(Stop);
    }

    [Fact]
    public async Task With_no_channel_at_all_there_is_the_inbox()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddReminders(Settings(await postgres.CreateDatabaseAsync(), "alone"));
        using var app = builder.Build();
        await app.StartAsync(Stop);
        var reminders = app.Services.GetRequiredService<IReminders>();
        await reminders.SendAsync(new KeepRecipients([new("olga", "Olga")]), Stop);
        var data = new Dictionary<string, System.Text.Json.JsonElement>
        {
            ["customer"] = System.Text.Json.JsonSerializer.SerializeToElement("Example Ltd"),
        };
        Assert.Equal(
            1,
            (await reminders.NotifyAsync(new("CUSTOMER_CREATED", "customer-1", Recipients: ["olga"], Data: data), Stop)).Planned
        );
        await app.StopAsync(Stop);
    }

    [Fact]
    public async Task A_sender_of_the_apps_is_made_with_the_apps_services()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<Desk>();
        builder
            .Services.AddReminders(Settings(await postgres.CreateDatabaseAsync(), "desk"))
            .WithoutShippedKinds()
            .AddSender<Paper>(new ChannelTraits("paper"))
            .AddKind(
                "HELLO",
                kind =>
                {
                    (kind.Subject, kind.Identity, kind.Channels) = ("customer", Kinds.IdentityPolicy.Once, ["paper"]);
                    kind.Templates["en"] = new() { ["text"] = "Welcome, {recipient}!" };
                }
            );
        using var app = builder.Build();
        await app.StartAsync(Stop);
        var reminders = app.Services.GetRequiredService<IReminders>();
        await reminders.SendAsync(
            new KeepRecipients([new("olga", "Olga", Addresses: new Dictionary<string, string> { ["paper"] = "shelf 7" })]),
            Stop
        );
        await reminders.NotifyAsync(new("HELLO", "customer-1", Recipients: ["olga"]), Stop);
        Assert.Equal("Welcome, Olga!", await app.Services.GetRequiredService<Desk>().First.Task.WaitAsync(Patience, Stop));
        await app.StopAsync(Stop);
    }

    [Fact]
    public async Task A_setting_that_is_wrong_is_named_as_the_app_has_it()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([
            new("Notices:ConnectionString", "Host=db;Database=hiring"),
            new("Notices:Outbox:BatchSize", "-1"),
        ]);
        builder.Services.AddReminders(builder.Configuration.GetSection("Notices"));
        using var app = builder.Build();
        var wrong = await Assert.ThrowsAsync<SettingsException>(() => app.StartAsync(Stop));
        Assert.StartsWith("Notices:Outbox:BatchSize is -1", wrong.Message, StringComparison.Ordinal);

        var empty = Host.CreateEmptyApplicationBuilder(new());
        empty.Services.AddReminders(empty.Configuration);
        using var other = empty.Build();
        var missing = await Assert.ThrowsAsync<SettingsException>(() => other.StartAsync(Stop));
        Assert.StartsWith("Reminders:ConnectionString is missing", missing.Message, StringComparison.Ordinal);
        Assert.Contains("environment: Reminders__ConnectionString", missing.Message, StringComparison.Ordinal);

        Assert.Throws<InvalidOperationException>(() => empty.Services.AddReminders(empty.Configuration));
    }

    /// <summary>The app's log at Information, as a host has it: an engine that has nothing to do says nothing there.</summary>
    [Fact]
    public async Task An_engine_that_is_idle_writes_nothing_into_the_apps_log()
    {
        var log = new Lines();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddProvider(log);
        builder.Services.AddReminders(Settings(await postgres.CreateDatabaseAsync(), "idle"));
        using var app = builder.Build();
        await app.StartAsync(Stop);
        var signals = app.Services.GetRequiredService<RemindersEngine>().Services.GetRequiredService<Nodes.Signals>();
        await Eventually.TrueAsync(() => Task.FromResult(signals.Listening), Patience, "it listens");
        var before = log.Count;
        var loops = app.Services.GetRequiredService<RemindersEngine>().Services.GetRequiredService<Nodes.LoopWatch>();
        var reconciled = new PulseCount(loops, "reconcile");
        await Eventually.TrueAsync(() => Task.FromResult(reconciled.Turns > 2), Patience, "the reconciler came round three times");
        Assert.Empty(log.All.Skip(before));
        await app.StopAsync(Stop);
    }

    [Fact]
    public async Task Behind_a_path_base_links_have_it_and_the_engine_is_one_of_the_apps_health_checks()
    {
        await using var telegram = await TelegramSimulator.StartAsync(new());
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var app = await HostApp.StartAsync(
            connectionString,
            telegram,
            HiringApp.Engine.Last,
            builder =>
            {
                builder.Services.AddSingleton<IStartupFilter>(new Based("/hiring"));
                builder.Services.AddHealthChecks().AddReminders();
            }
        );
        var staff = HostApp.Token("rita", "staff");
        var made = await app.SendAsync(HttpMethod.Post, "/hiring/reminders/api/bookings", Web.WebNode.Booking(), staff);
        Assert.Equal(201, made.Status);
        Assert.StartsWith("/hiring/reminders/api/bookings/", made.Response.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, (await app.GetAsync(made.Response.Headers.Location!.ToString(), staff)).Status);
        Assert.Contains("/hiring/reminders", (await app.GetAsync("/hiring/reminders/openapi/v1.json")).Body, StringComparison.Ordinal);

        var report = await app.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop);
        Assert.Equal(["hiring", "reminders"], report.Entries.Keys.Order());
        Assert.NotEqual(HealthStatus.Unhealthy, report.Entries["reminders"].Status);
    }

    private static ConfigurationManager Settings(string connectionString, string node)
    {
        var settings = new ConfigurationManager();
        settings.AddInMemoryCollection([
            new("Reminders:ConnectionString", connectionString + ";Maximum Pool Size=20"),
            new("Reminders:NodeName", node),
            new("Reminders:MigrateAtStart", "false"),
            new("Reminders:Outbox:Limits:telegram:PerSecond", "0"),
            new("Reminders:Outbox:Limits:telegram:PerRecipientInterval", "0"),
        ]);
        return settings;
    }

    private static RemindersBuilder Declare(RemindersBuilder builder) =>
        builder
            .WithoutShippedKinds()
            .AddKind(
                "SOON",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To, kind.Before) = ("slot", "approved", "candidate", TimeSpan.FromSeconds(56));
                    kind.Templates["en"] = new() { ["text"] = "It begins." };
                }
            );

    private static Subject Slot(DateTimeOffset start) =>
        new(
            "slot",
            "s-1",
            "approved",
            start,
            [new("candidate", new("anna", "Anna", Addresses: new Dictionary<string, string> { ["telegram"] = "1001" }))]
        );

    private static async Task<bool> IsTrueAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (bool)(await command.ExecuteScalarAsync(Stop))!;
    }

    private sealed class Based(string path) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.UsePathBase(path);
                app.UseRouting();
                next(app);
            };
    }

    private sealed class Desk
    {
        public TaskCompletionSource<string> First { get; } = new();
    }

    private sealed class Paper(Desk desk) : ISender
    {
        public string Channel => "paper";

        public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
        {
            desk.First.TrySetResult(delivery.Text);
            return Task.FromResult<SendResult>(new SendResult.Sent("1"));
        }
    }

    /// <summary>Counts how often a loop came round, by its silence getting shorter.</summary>
    private sealed class PulseCount(Nodes.LoopWatch loops, string name)
    {
        private TimeSpan _last = TimeSpan.MaxValue;
        private int _turns;

        public int Turns
        {
            get
            {
                var silence = loops.Look().Single(loop => loop.Name == name).Silence;
                _turns += silence < _last ? 1 : 0;
                _last = silence;
                return _turns;
            }
        }
    }
}
