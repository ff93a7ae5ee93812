using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Reminders.Settings;
using Reminders.Telegram;
using Reminders.Web;

namespace Reminders.Integration.Tests.Tenants;

/// <summary>What two installations cannot both have is refused at the start, in one line that names the setting and the other.</summary>
public sealed class StartedWrong(Postgres postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_schema_for_two_is_refused()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddReminders("tenant-a", builder.Configuration).UsePostgres(database);
        builder.Services.AddReminders("tenant_a", builder.Configuration).UsePostgres(database);
        using var app = builder.Build();
        var problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => app.StartAsync(Stop))).Problems);
        Assert.StartsWith("Reminders:Installations:tenant_a:Schema is 'tenant_a' in the database ", problem, StringComparison.Ordinal);
        Assert.Contains("the installation 'tenant-a' has in this process", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    /// <summary>A server has many names.</summary>
    [Fact]
    public async Task One_schema_by_two_connection_strings_is_refused()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var other = new NpgsqlConnectionStringBuilder(database) { Host = "localhost" }.ConnectionString;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddReminders("a", builder.Configuration).UsePostgres(database, "shared", "shared_quartz");
        builder.Services.AddReminders(builder.Configuration).UsePostgres(other, "shared", "shared_quartz");
        using var app = builder.Build();
        var problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => app.StartAsync(Stop))).Problems);
        Assert.Contains("the connection strings differ, and lead to one place", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bot_for_two_is_refused_and_its_token_is_not_told()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        foreach (var name in (string[])["a", "b"])
        {
            builder
                .Services.AddReminders(name, builder.Configuration)
                .UsePostgres(database)
                .AddTelegram(telegram => (telegram.BotToken, telegram.ApiBaseUrl) = ("17:secret", new("http://127.0.0.1:1/")));
        }

        using var app = builder.Build();
        var problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => app.StartAsync(Stop))).Problems);
        Assert.Equal(
            "Reminders:Installations:b:Telegram:BotToken is a bot's, which the channel 'telegram' of the installation 'a' has in this "
                + "process: it should be of another bot.",
            problem
        );
    }

    [Fact]
    public async Task A_name_that_is_taken_or_none_or_of_nobody_is_refused_where_it_stands()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddReminders("a", builder.Configuration);
        Assert.Throws<InvalidOperationException>(() => builder.Services.AddReminders("a", builder.Configuration));
        foreach (var name in (string[])["", "A", "-a", "1", "a b", "a:b", new('a', 33)])
        {
            Assert.Contains(
                "is no installation's name",
                Assert.Throws<ArgumentException>(() => builder.Services.AddReminders(name, builder.Configuration)).Message,
                StringComparison.Ordinal
            );
        }

        await using var app = builder.Build();
        Assert.Contains(
            "AddReminders was not called for 'b'",
            Assert.Throws<InvalidOperationException>(() => app.MapReminders("/b", installation: "b")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "or MapReminders should name an installation",
            Assert.Throws<InvalidOperationException>(() => app.MapReminders()).Message,
            StringComparison.Ordinal
        );
        // Beside the ones that are named there may be the one that is not.
        builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddReminders("a", builder.Configuration);
        builder.Services.AddReminders(builder.Configuration);
        Assert.Throws<InvalidOperationException>(() => builder.Services.AddReminders(builder.Configuration));
    }

    /// <summary>Its settings are its own section, and what is wrong is named in full.</summary>
    [Fact]
    public async Task What_is_wrong_with_one_is_said_of_its_own_section()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([
            new("Reminders:Installations:a:ConnectionString", "Host=db;Database=hiring"),
            new("Reminders:Installations:a:Outbox:BatchSize", "-1"),
        ]);
        builder.Services.AddReminders("a", builder.Configuration);
        using var app = builder.Build();
        var wrong = await Assert.ThrowsAsync<SettingsException>(() => app.StartAsync(Stop));
        Assert.StartsWith("Reminders:Installations:a:Outbox:BatchSize is -1", wrong.Message, StringComparison.Ordinal);
    }
}
