using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Integration.Tests.Support;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Storage;

/// <summary>
/// The resulting schema is kept as one reviewed file, <c>src/Reminders/Storage/schema.sql</c>. After a change of the
/// scripts, run this class once with REMINDERS_RENEW_SCHEMA=1 in the environment, and review the difference.
/// </summary>
public sealed class MigratedSchema(Postgres postgres)
{
    [Fact]
    public async Task A_migrated_database_is_what_the_reviewed_file_says()
    {
        var rendered = await SchemaText.RenderAsync(await postgres.CreateDatabaseAsync(), "reminders");
        var file = Path.Combine(Root(), "src", "Reminders", "Storage", "schema.sql");
        if (Environment.GetEnvironmentVariable("REMINDERS_RENEW_SCHEMA") == "1")
            await File.WriteAllTextAsync(file, rendered, TestContext.Current.CancellationToken);
        var reviewed = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        // Another major version describes the same expressions in slightly other words.
        Assert.SkipUnless(reviewed.Split('\n')[0] == rendered.Split('\n')[0], $"The file was written by another version: {reviewed.Split('\n')[0]}");
        Assert.Equal(reviewed, rendered);
    }

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
                var there = await cluster.ScalarAsync<string>("""
                    SELECT coalesce((SELECT format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN '' ELSE '?' END
                    FROM pg_attribute WHERE attrelid = to_regclass('reminders.' || $1) AND attname = $2 AND NOT attisdropped), 'missing')
                    """, entity.GetTableName()!, property.GetColumnName());
                var expected = property.GetColumnType() + (property.IsNullable ? "?" : "");
                if (there != expected)
                    wrong.Add($"{entity.GetTableName()}.{property.GetColumnName()}: the model has {expected}, the database {there}");
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
        Assert.Empty(await db.Subjects.Include(s => s.Parties).ThenInclude(p => p.Recipient).ThenInclude(r => r.Addresses).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await db.Occurrences.Include(o => o.Suppressions).Include(o => o.Messages).ThenInclude(m => m.Attempts)
            .Include(o => o.Messages).ThenInclude(m => m.Presses).Include(o => o.Messages).ThenInclude(m => m.OperatorActions).ToListAsync(TestContext.Current.CancellationToken));
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Reminders.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No Reminders.sln above {AppContext.BaseDirectory}.");
    }
}
