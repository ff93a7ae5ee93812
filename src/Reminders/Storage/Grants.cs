using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>What a role needs to run nodes on a database that another role migrates: rows, and no DDL.</summary>
internal static class Grants
{
    /// <summary>The statements, for the owner of the schemas to run once: what later scripts make is granted as it is made.</summary>
    public static string For(string role, SchemaNames names)
    {
        var to = $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var both = $"{names.Engine}, {names.Quartz}";
        return $"""
            -- Run as the role that migrates. The node then starts with MigrateAtStart=false.
            GRANT USAGE ON SCHEMA {both} TO {to};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {both} TO {to};
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA {names.Engine} TO {to};
            GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {both} TO {to};
            -- Which scripts were applied is not for nodes to say, and what was done by whom is kept.
            REVOKE INSERT, UPDATE, DELETE ON {names.Engine}.migration FROM {to};
            REVOKE DELETE ON {names.Engine}.audit FROM {to};
            -- What later migrations make.
            ALTER DEFAULT PRIVILEGES IN SCHEMA {both} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {to};
            ALTER DEFAULT PRIVILEGES IN SCHEMA {names.Engine} GRANT USAGE ON SEQUENCES TO {to};
            ALTER DEFAULT PRIVILEGES IN SCHEMA {both} GRANT EXECUTE ON FUNCTIONS TO {to};
            """;
    }
}
