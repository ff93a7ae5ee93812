using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Storage;

/// <summary>A database from before owners: keys go on working, and what is there belongs to the key that made it.</summary>
public sealed class BeforeOwners(Postgres postgres)
{
    private const int LastBefore = 8;

    [Fact]
    public async Task Keys_own_what_they_made_and_people_belong_to_the_one_who_used_them()
    {
        var old = await OldAsync(
            """
            INSERT INTO reminders.api_key (name, hash, role) VALUES ('booking-app', '\x01', 'recruiter'), ('shop', '\x02', 'recruiter'),
                ('ops', '\x03', 'operator');
            INSERT INTO reminders.recipient (reference, name, locale, zone)
            VALUES ('candidate', 'c', 'en', 'UTC'), ('buyer', 'b', 'en', 'UTC'), ('both', 'b', 'en', 'UTC'), ('reader', 'r', 'en', 'UTC'), ('unused', 'u', 'en', 'UTC');
            INSERT INTO reminders.subject (type, key, status, created_by) VALUES ('booking', 'b1', 'open', 'api:booking-app'), ('cart',
                'c1', 'open', 'api:shop'), ('ticket', 't1', 'open', 'cli:olga');
            INSERT INTO reminders.party (subject_id, role, recipient_id) SELECT s.id, 'candidate', r.id
                FROM reminders.subject s, reminders.recipient r
            WHERE s.key = 'b1' AND r.reference IN ('candidate', 'both');
            INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                planned_by)
            SELECT 'CART_ABANDONED', s.id, 1, r.id, 'planned', '{open}', '', now(), now(), 'api:shop @ n'
                FROM reminders.subject s, reminders.recipient r
            WHERE s.key = 'c1' AND r.reference IN ('buyer', 'both');
            INSERT INTO reminders.access_token (hash, recipient_id, issued_by, expires_at) SELECT '\x05', id, 'api:shop', now()
                FROM reminders.recipient WHERE reference = 'reader';
            INSERT INTO reminders.recipient_group (name) VALUES ('buyers'), ('all');
            INSERT INTO reminders.group_member SELECT g.id, r.id FROM reminders.recipient_group g, reminders.recipient r
            WHERE g.name = 'all' OR r.reference IN ('buyer', 'reader');
            """
        );
        Assert.Equal(
            "booking-app=booking-app/4 ops=ops/5 shop=shop/4",
            await OneAsync(
                old,
                "SELECT string_agg(name || '=' || owner || '/' || cardinality(scopes), ' ' ORDER BY name) FROM reminders.api_key"
            )
        );
        Assert.Equal(
            "b1=booking-app c1=shop t1=",
            await OneAsync(old, "SELECT string_agg(key || '=' || owner, ' ' ORDER BY key) FROM reminders.subject")
        );
        Assert.Equal(
            "both= buyer=shop candidate=booking-app reader=shop unused=",
            await OneAsync(old, "SELECT string_agg(reference || '=' || owner, ' ' ORDER BY reference) FROM reminders.recipient")
        );
        Assert.Equal(
            "all= buyers=shop",
            await OneAsync(old, "SELECT string_agg(name || '=' || owner, ' ' ORDER BY name) FROM reminders.recipient_group")
        );
    }

    [Fact]
    public async Task Where_there_is_one_app_everybody_is_its_own()
    {
        var old = await OldAsync(
            """
            INSERT INTO reminders.api_key (name, hash, role) VALUES ('app', '\x01', 'recruiter'), ('ops', '\x03', 'operator');
            INSERT INTO reminders.recipient (reference, name, locale, zone) VALUES ('unused', 'u', 'en', 'UTC');
            """
        );
        Assert.Equal("app", await OneAsync(old, "SELECT owner FROM reminders.recipient"));
    }

    private async Task<string> OldAsync(string data)
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await RunAsync(
            "CREATE SCHEMA reminders; CREATE TABLE reminders.migration (number integer PRIMARY KEY, name text NOT NULL, "
                + "applied_at timestamptz NOT NULL DEFAULT now())"
        );
        var assembly = typeof(RemindersServices).Assembly;
        foreach (
            var resource in assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith("engine/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            var name = Path.GetFileNameWithoutExtension(resource);
            if (int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture) > LastBefore)
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            await RunAsync(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
            await RunAsync(
                "INSERT INTO reminders.migration (number, name) VALUES "
                    + $"({int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture)}, '{name}')"
            );
        }
        await RunAsync(data);
        var services = new ServiceCollection().AddLogging();
        services.AddRemindersStorage(
            new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionString", database), new("NodeName", "upgrading")]).Build()
        );
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Migrator>().MigrateAsync(TestContext.Current.CancellationToken);
        return database;

        async Task RunAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string?> OneAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }
}
