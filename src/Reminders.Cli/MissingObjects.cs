using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Storage.Schema;

namespace Reminders.Cli;

/// <summary>
/// A statement met a database that lacks what it names: the connection is right, the schema is not. PostgreSQL's own words
/// do not always say what is missing (42P10: "there is no unique or exclusion constraint"), so the schema is looked at.
/// </summary>
internal static class MissingObjects
{
    public static async Task<string> ExplainAsync(PostgresException trouble)
    {
        var said = trouble.MessageText.TrimEnd('.');
        if (trouble.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return $"the database does not let this role do it: {said}. Grant it, or run this as the role that owns the schema.";
        }

        try
        {
            await using var services = Schema.Open(ProgramSettings.Load());
            var standing = await services.GetRequiredService<Migrator>().StandingAsync(CancellationToken.None);
            if (standing is { Missing: { Count: > 0 } missing })
            {
                return $"the database lacks {missing.Count} schema scripts ({said}): run migrate, or start a node.";
            }

            var broken = (await services.GetRequiredService<SchemaCheck>().LookAsync(CancellationToken.None))
                .Where(one => one.Weight == Weight.Breaks)
                .ToArray();
            if (broken is [var first, ..])
            {
                return $"the database's schema is damaged ({said}): "
                    + $"{first.Says}{(broken.Length > 1 ? $", and {broken.Length - 1} more" : "")}. Run doctor, which names "
                    + "each and the statement that puts it right.";
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or SettingsException)
        {
            // What was said first is what counts.
        }
        return $"the database refused a statement: {said}. Run doctor to see whether its schema is this build's.";
    }
}
