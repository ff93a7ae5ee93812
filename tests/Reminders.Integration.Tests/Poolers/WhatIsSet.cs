using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Lab.Poolers;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Poolers;

/// <summary>What is set about a pooler is compared with what answers, at every start: one line, and no start that hangs.</summary>
public sealed class WhatIsSet(Postgres postgres)
{
    [Theory]
    [InlineData(null, "session", null)]
    [InlineData("Session", "session", null)]
    [InlineData("None", "session", "Pooling is None, and at 127.0.0.1:* a pooler answers. It should be Session, or left out.")]
    [InlineData(
        null,
        "transaction",
        "Pooling is not set, and at 127.0.0.1:* a pooler in transaction mode answers. It should be Transaction, and "
            + "DirectConnectionString *"
    )]
    [InlineData("None", "transaction", "Pooling is None, and at 127.0.0.1:* a pooler in transaction mode answers. *")]
    [InlineData("Session", "transaction", "Pooling is Session, and at 127.0.0.1:* a pooler in transaction mode answers. *")]
    [InlineData(null, "statement", "Pooling is not set, and at 127.0.0.1:* a pooler in transaction mode answers. *")]
    [InlineData(null, "none", null)]
    [InlineData("None", "none", null)]
    public async Task A_start_compares_it_with_what_answers(string? pooling, string mode, string? problem)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var bouncer = mode == "none" ? null : await StartAsync(database, mode);
        Assert.Matches(Line(problem), await CheckAsync(bouncer?.Through(database) ?? database, pooling));
    }

    /// <summary>The options are ignored by some set-ups instead of refused; that must not hide the pooler.</summary>
    [Fact]
    public async Task A_pooler_that_ignores_startup_parameters_is_found_too()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var bouncer = await LocalPgBouncer.StartAsync(
            [database],
            "transaction",
            ignored: "options,search_path",
            ct: TestContext.Current.CancellationToken
        );
        Assert.Matches(Line("Pooling is not set, and *"), await CheckAsync(bouncer.Through(database) + ";Options=-c jit=off", null));
    }

    [Fact]
    public async Task A_busy_pool_in_session_mode_is_no_start_that_hangs()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var bouncer = await LocalPgBouncer.StartAsync(
            [database],
            "session",
            poolSize: 1,
            ct: TestContext.Current.CancellationToken
        );
        Assert.Equal("", await CheckAsync(bouncer.Through(database), "Session"));
    }

    [Fact]
    public async Task Startup_parameters_it_refuses_are_named()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var bouncer = await StartAsync(database, "session");
        Assert.Matches(
            Line(
                "ConnectionString: the pooler at 127.0.0.1:* refuses it (unsupported startup parameter: options). It should "
                    + "give none of Options*"
            ),
            await CheckAsync(bouncer.Through(database) + ";Options=-c jit=off", null)
        );
    }

    [Fact]
    public async Task The_direct_string_must_not_lead_to_sessions_that_change()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var bouncer = await StartAsync(database, "transaction");
        Assert.Matches(
            Line("DirectConnectionString leads to 127.0.0.1:*, where a pooler in transaction mode answers. *"),
            await CheckAsync(bouncer.Through(database), "Transaction", bouncer.Through(database))
        );
        Assert.Equal("", await CheckAsync(bouncer.Through(database), "Transaction", database));
        Assert.Matches(
            Line("Pooling is Transaction and DirectConnectionString is missing: *"),
            await CheckAsync(bouncer.Through(database), "Transaction")
        );
        Assert.Matches(
            Line("ConnectionString has Max Auto Prepare=50 and Pooling is Transaction*"),
            await CheckAsync(bouncer.Through(database) + ";Max Auto Prepare=50", "Transaction", database)
        );
    }

    private static Task<LocalPgBouncer> StartAsync(string database, string mode) =>
        LocalPgBouncer.StartAsync([database], mode, ct: TestContext.Current.CancellationToken);

    /// <returns>The one line; empty where all is well.</returns>
    private static async Task<string> CheckAsync(string connectionString, string? pooling, string? direct = null)
    {
        try
        {
            var services = new ServiceCollection().AddLogging();
            services.AddRemindersStorage(
                new ConfigurationBuilder()
                    .AddInMemoryCollection([
                        new("ConnectionString", connectionString),
                        new("Pooling", pooling),
                        new("DirectConnectionString", direct),
                    ])
                    .Build()
            );
            await using var provider = services.BuildServiceProvider();
            await provider.GetRequiredService<PoolingCheck>().RunAsync(TestContext.Current.CancellationToken);
            return "";
        }
        catch (SettingsException exception)
        {
            return Assert.Single(exception.Problems);
        }
    }

    private static string Line(string? expected) =>
        $"^{System.Text.RegularExpressions.Regex.Escape(expected ?? "").Replace("\\*", "[^\n]*", StringComparison.Ordinal)}$";
}
