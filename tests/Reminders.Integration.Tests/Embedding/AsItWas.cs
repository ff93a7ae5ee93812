using Embedded;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Telegram;

namespace Reminders.Integration.Tests.Embedding;

/// <summary>The app is what it was before it took the engine in, whichever of the two was registered first (rule 16).</summary>
public sealed class AsItWas(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(HiringApp.Engine.None)]
    [InlineData(HiringApp.Engine.First)]
    [InlineData(HiringApp.Engine.Last)]
    public async Task Its_routes_errors_json_and_sign_in_are_its_own(HiringApp.Engine engine)
    {
        await using var telegram = await TelegramSimulator.StartAsync(new());
        await using var app = await HostApp.StartAsync(await postgres.CreateDatabaseAsync(), telegram, engine);

        // Its JSON options, which take a number in quotes; and its routes, named like the engine's.
        Assert.Equal("5 seats booked", (await app.SendAsync(HttpMethod.Post, "/api/bookings", """{"count":"5"}""")).Body);
        Assert.Equal("the app's own", (await app.GetAsync("/api/notifications")).Body);
        Assert.Equal("Healthy", (await app.GetAsync("/health/ready")).Body);
        var description = await app.GetAsync("/openapi/v1.json");
        Assert.Contains("/slots", description.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("recipients", description.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("/reminders", description.Body, StringComparison.OrdinalIgnoreCase);

        // Its sign-in, and a 401 without a body of somebody else's.
        var stranger = await app.SendAsync(HttpMethod.Post, "/slots", "{}");
        Assert.Equal((401, ""), (stranger.Status, stranger.Body));
        Assert.Equal("Bearer", stranger.Response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(403, (await app.SendAsync(HttpMethod.Post, "/slots", "{}", HostApp.Token("anna", "candidate"))).Status);

        // Its errors.
        var broken = await app.GetAsync("/broken");
        Assert.Equal((418, "hiring: the app's own trouble"), (broken.Status, broken.Body));
        var nowhere = await app.GetAsync("/nowhere", HostApp.Token("rita", "staff"));
        Assert.Equal((404, ""), (nowhere.Status, nowhere.Body));
        Assert.False(nowhere.Response.Headers.Contains("X-Frame-Options"));
    }

    [Theory]
    [InlineData(HiringApp.Engine.None)]
    [InlineData(HiringApp.Engine.First)]
    [InlineData(HiringApp.Engine.Last)]
    public async Task Its_database_and_its_nightly_job_are_its_own(HiringApp.Engine engine)
    {
        await using var telegram = await TelegramSimulator.StartAsync(new());
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var app = await HostApp.StartAsync(connectionString, telegram, engine);
        await Eventually.TrueAsync(
            () => Task.FromResult(app.App.Services.GetRequiredService<NightlyJob.Runs>().Count > 1),
            Patience,
            "the nightly job ran twice"
        );
        var scheduler = await app.App.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        Assert.Single(await scheduler.GetJobKeys(GroupMatcher<JobKey>.AnyGroup(), TestContext.Current.CancellationToken));

        // Its sessions are as PostgreSQL makes them.
        var own = app.App.Services.GetRequiredService<NpgsqlDataSource>();
        await using (var setting = own.CreateCommand("SHOW enable_seqscan"))
        {
            Assert.Equal("on", await setting.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        await using var foreign = NpgsqlDataSource.Create(connectionString);
        await using var jobs = foreign.CreateCommand("SELECT count(*) FROM quartz.qrtz_triggers WHERE trigger_name = 'nightly'");
        Assert.Equal(0L, await jobs.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await using var tables = foreign.CreateCommand("SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'hiring'");
        Assert.Equal("Slots", await tables.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Whatever the engine needs is in a container of its own.</summary>
    [Fact]
    public void The_engine_adds_to_its_services_what_is_the_engines_and_a_hosted_service()
    {
        var services = new ServiceCollection();
        services.AddReminders(_ => { });
        Assert.All(
            services,
            service =>
                Assert.True(
                    service.ServiceType.Namespace!.StartsWith("Reminders", StringComparison.Ordinal)
                        || service.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService),
                    service.ToString()
                )
        );
    }

    [Theory]
    [InlineData(HiringApp.Engine.First)]
    [InlineData(HiringApp.Engine.Last)]
    public async Task Below_its_prefix_all_is_the_engines_and_the_apps_staff_get_in(HiringApp.Engine engine)
    {
        await using var telegram = await TelegramSimulator.StartAsync(new());
        await using var app = await HostApp.StartAsync(await postgres.CreateDatabaseAsync(), telegram, engine);
        var (staff, candidate) = (HostApp.Token("rita", "staff"), HostApp.Token("anna", "candidate"));

        var nowhere = await app.GetAsync("/reminders/nowhere");
        Assert.Equal((404, "application/problem+json"), (nowhere.Status, nowhere.Type));
        Assert.DoesNotContain("hiring", nowhere.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await app.GetAsync("/reminders/health/live")).Status);
        Assert.Contains("/api/bookings", (await app.GetAsync("/reminders/openapi/v1.json")).Body, StringComparison.Ordinal);

        var made = await app.SendAsync(HttpMethod.Post, "/reminders/api/bookings", Web.WebNode.Booking(), staff);
        Assert.Equal(201, made.Status);
        var location = made.Response.Headers.Location!.ToString();
        Assert.StartsWith("/reminders/api/bookings/", location, StringComparison.Ordinal);
        Assert.Equal(200, (await app.GetAsync(location, staff)).Status);
        // The engine's JSON is as strict as it is.
        Assert.Equal(
            400,
            (
                await app.SendAsync(HttpMethod.Post, "/reminders/api/bookings", """{"title":"x","startsAt":"2027-01-01T10:00"}""", staff)
            ).Status
        );

        // Whoever is refused hears so from the app's sign-in.
        var stranger = await app.GetAsync(location);
        Assert.Equal(401, stranger.Status);
        Assert.Equal("Bearer", stranger.Response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(403, (await app.GetAsync(location, candidate)).Status);
        Assert.Equal(403, (await app.GetAsync("/reminders/api/audit", staff)).Status);
        // A page of another site sends the browser's credentials along, and says that it is another's.
        var elsewhere = await app.SendAsync(HttpMethod.Post, $"{location}/approve", null, staff, ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(401, elsewhere.Status);
        Assert.Equal(200, (await app.SendAsync(HttpMethod.Post, $"{location}/approve", null, staff)).Status);
    }

    [Fact]
    public async Task Its_users_read_their_own_inbox_by_the_apps_ids()
    {
        await using var telegram = await TelegramSimulator.StartAsync(new());
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var app = await HostApp.StartAsync(connectionString, telegram, HiringApp.Engine.Last);
        var reminders = app.App.Services.GetRequiredService<IReminders>();
        await reminders.SendAsync(new People.KeepRecipients([new("anna", "Anna"), new("boris", "Boris")]));
        Assert.Equal(200, (await app.GetAsync("/reminders/api/notifications/", HostApp.Token("anna", "candidate"))).Status);
        Assert.Equal(401, (await app.GetAsync("/reminders/api/notifications/", HostApp.Token("nobody", "candidate"))).Status);
        Assert.Equal(401, (await app.GetAsync("/reminders/api/notifications/")).Status);
        var ticket = await app.SendAsync(HttpMethod.Post, "/reminders/api/notifications/ticket/", null, HostApp.Token("anna", "candidate"));
        Assert.Equal(200, ticket.Status);
        Assert.Contains("rw_", ticket.Body, StringComparison.Ordinal);
    }
}
