using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Reads;
using Reminders.Storage.Schema;

namespace Reminders.Integration.Tests.Storage;

/// <summary>
/// The resulting schemas are kept as reviewed files, <c>schema.sql</c> and <c>quartz.sql</c> in <c>src/Reminders/Storage</c>. After a
/// change of the
/// scripts, run this class once with REMINDERS_RENEW_SCHEMA=1 in the environment, and review the difference.
/// </summary>
[Trait("Suite", "Quick")]
public sealed class MigratedSchema(Postgres postgres)
{
    [Theory]
    [InlineData("reminders", "schema.sql")]
    [InlineData("quartz", "quartz.sql")]
    public async Task A_migrated_database_is_what_the_reviewed_file_says(string schema, string name)
    {
        var rendered = await RenderAsync(await postgres.CreateDatabaseAsync(), schema);
        var file = Repository.PathOf("src", "Reminders", "Storage", name);
        if (Environment.GetEnvironmentVariable("REMINDERS_RENEW_SCHEMA") == "1")
        {
            await File.WriteAllTextAsync(file, rendered, TestContext.Current.CancellationToken);
        }

        var reviewed = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        // Another major version describes the same expressions in slightly other words; object by object they are the same.
        if (reviewed.Split('\n')[0] == rendered.Split('\n')[0])
        {
            Assert.Equal(reviewed, rendered);
        }
        else
        {
            Assert.Empty(Of(schema).DifferencesOf(rendered, schema, ("reminders", "quartz")));
        }
    }

    internal static async Task<string> RenderAsync(string connectionString, string schema)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return await SchemaText.RenderAsync(connection, schema, default);
    }

    private static ReviewedSchema Of(string schema) => schema == "quartz" ? ReviewedSchema.Quartz : ReviewedSchema.Engine;

    [Fact]
    public async Task Every_column_the_model_reads_is_there_with_its_type_and_nullability()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await using var scope = cluster.AddStillNode().Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<RemindersDb>();
        var wrong = new List<string>();
        foreach (var entity in db.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                // What a view computes is never declared NOT NULL.
                var isView = entity.GetViewName() is not null;
                var there = await cluster.ScalarAsync<string>(
                    """
                    SELECT coalesce((SELECT format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN '' ELSE '?' END
                    FROM pg_attribute WHERE attrelid = to_regclass('reminders.' || $1) AND attname = $2 AND NOT attisdropped), 'missing')
                    """,
                    entity.GetTableName() ?? entity.GetViewName()!,
                    property.GetColumnName()
                );
                var expected = property.GetColumnType() + (property.IsNullable || isView ? "?" : "");
                if (there != expected)
                {
                    wrong.Add($"{entity.GetTableName()}.{property.GetColumnName()}: the model has {expected}, the database {there}");
                }
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_set_of_the_model_can_be_read()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await using var scope = cluster.AddStillNode().Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<RemindersDb>();
        Assert.Empty(
            await db
                .Subjects.Include(s => s.Parties)
                    .ThenInclude(p => p.Recipient)
                        .ThenInclude(r => r.Addresses)
                .ToListAsync(TestContext.Current.CancellationToken)
        );
        Assert.Empty(
            await db
                .Occurrences.Include(o => o.Suppressions)
                .Include(o => o.Messages)
                    .ThenInclude(m => m.Attempts)
                .Include(o => o.Messages)
                    .ThenInclude(m => m.Presses)
                .Include(o => o.Messages)
                    .ThenInclude(m => m.OperatorActions)
                .ToListAsync(TestContext.Current.CancellationToken)
        );
    }
}
