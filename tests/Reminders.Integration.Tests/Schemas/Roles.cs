using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Schemas;

/// <summary>The least that a role needs: its own two schemas to migrate, rows to run a node.</summary>
public sealed class Roles(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_owner_of_both_schemas_and_of_nothing_else_migrates()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var (role, login) = await Installation.RoleAsync(database);
        await Installation.ExecuteAsync(
            database,
            $"CREATE SCHEMA reminders AUTHORIZATION {role}; CREATE SCHEMA quartz AUTHORIZATION {role}"
        );
        Assert.False(await Installation.ScalarAsync<bool>(login, "SELECT has_database_privilege(current_database(), 'CREATE')"));
        await Installation.MigrateAsync(login);
        await Installation.MigrateAsync(login);
        Assert.Equal(
            await Storage.MigratedSchema.RenderAsync(await postgres.CreateDatabaseAsync(), "reminders"),
            await Storage.MigratedSchema.RenderAsync(database, "reminders")
        );
    }

    [Fact]
    public async Task One_that_may_make_no_schema_is_told_what_its_owner_has_to_run()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        var (role, login) = await Installation.RoleAsync(database);
        var problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => Installation.MigrateAsync(login))).Problems);
        Assert.EndsWith($"CREATE SCHEMA reminders AUTHORIZATION {role};", problem, StringComparison.Ordinal);
        await Installation.ExecuteAsync(database, $"CREATE SCHEMA reminders AUTHORIZATION {role}");
        problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => Installation.MigrateAsync(login))).Problems);
        Assert.EndsWith($"CREATE SCHEMA quartz AUTHORIZATION {role};", problem, StringComparison.Ordinal);
        Assert.Equal(
            0,
            await Installation.ScalarAsync<long>(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'reminders'::regnamespace")
        );
    }

    [Fact]
    public async Task With_the_printed_grants_and_no_more_a_node_does_all_its_work()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var (role, login) = await Installation.RoleAsync(cluster.ConnectionString);
        await cluster.ExecuteAsync(Grants.For(role, SchemaNames.Default));
        cluster.Set("ConnectionString", login + ";Maximum Pool Size=40");
        await cluster.StartNodeAsync();
        await cluster.StartNodeAsync();

        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(2));
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience);
        cluster.Telegram.PressButton(1001, Assert.Single(cluster.Telegram.Record.MessagesTo(1001)).MessageId, 0);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0, Patience);
        Assert.Equal(
            "confirmed",
            await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", booking.ToString())
        );
        // Sequences too: a window takes its version from one.
        Assert.Equal(1, await Installation.ScalarAsync<long>(login, "SELECT count(nextval('reminders.window_version'))"));
        foreach (
            var forbidden in (string[])
                [
                    "CREATE TABLE reminders.mine ()",
                    "DELETE FROM reminders.migration",
                    "DELETE FROM reminders.audit",
                    "DROP VIEW quartz.due",
                    "TRUNCATE reminders.outbox",
                ]
        )
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => Installation.ExecuteAsync(login, forbidden));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task What_a_later_migration_makes_is_granted_as_it_is_made()
    {
        var database = await postgres.CreateDatabaseAsync();
        var (role, login) = await Installation.RoleAsync(database);
        await Installation.ExecuteAsync(database, Grants.For(role, SchemaNames.Default));
        await Installation.ExecuteAsync(database, "CREATE TABLE reminders.later (id bigint); CREATE SEQUENCE reminders.later_number");
        await Installation.ExecuteAsync(login, "INSERT INTO reminders.later VALUES (nextval('reminders.later_number'))");
    }

    [Fact]
    public async Task One_with_rows_only_that_is_told_to_migrate_hears_of_MigrateAtStart()
    {
        var database = await postgres.CreateDatabaseAsync();
        var (role, login) = await Installation.RoleAsync(database);
        await Installation.ExecuteAsync(database, Grants.For(role, SchemaNames.Default));
        var problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => Installation.MigrateAsync(login))).Problems);
        Assert.StartsWith($"ConnectionString names the role {role}, which may not migrate", problem, StringComparison.Ordinal);
        Assert.Contains($"./dev migrate --print-grants {role}", problem, StringComparison.Ordinal);
    }
}
