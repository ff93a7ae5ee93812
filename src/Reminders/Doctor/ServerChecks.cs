using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>
/// Settings of PostgreSQL that cost the engine speed. As PostgreSQL ships them none does much: these are those that somebody has made
/// slower, and the two that are worth raising.
/// </summary>
internal static class ServerChecks
{
    private const string Code = "server_setting";
    private const string About = "settings";

    private static readonly (string Name, string Value, string Costs)[] Slow =
    [
        ("autovacuum", "off", "dead rows are never cleared, and every statement reads past them"),
        ("track_counts", "off", "autovacuum does not see what it has to clear"),
        ("log_statement", "all", "each statement is written to the server's log"),
        ("log_statement", "mod", "each statement that writes is written to the server's log"),
        ("log_min_duration_statement", "0", "each statement is written to the server's log"),
        ("log_duration", "on", "each statement is written to the server's log"),
        ("enable_indexscan", "off", "what is due is looked for in whole tables"),
        ("enable_nestloop", "off", "a few rows are joined by reading whole tables"),
    ];

    // As PostgreSQL ships them.
    private static readonly (string Name, string Value, string Better)[] Small =
    [
        ("shared_buffers", "128MB", "a quarter of the machine's memory"),
        ("max_wal_size", "1GB", "4GB, so that a burst does not wait for checkpoints"),
    ];

    public static async Task<Finding> SettingsAsync(Database database, CancellationToken cancellationToken)
    {
        string[] names = [.. Slow.Select(setting => setting.Name), .. Small.Select(setting => setting.Name)];
        var settings = await database.ReadAsync(
            Statement.Named("Doctor/Sql/server-settings.sql"),
            reader => (Name: reader.GetString(0), Value: reader.GetString(1)),
            cancellationToken,
            [names]
        );
        return Judge(settings.ToDictionary(setting => setting.Name, setting => setting.Value));
    }

    internal static Finding Judge(IReadOnlyDictionary<string, string> settings)
    {
        bool Is((string Name, string Value, string) setting) => IsSet(settings, setting);
        var slow = Slow.Where(setting => Is(setting)).Select(setting => $"{setting.Name} is {setting.Value}: {setting.Costs}").ToArray();
        if (slow.Length > 0)
        {
            return Finding.Attention(
                Code,
                About,
                $"PostgreSQL is slower than it need be. {string.Join("; ", slow)}.",
                Fix.BySql("Put it back, for the server or for who set it: a database or a role may have its own.", Resets(settings))
            );
        }

        var small = Small.Where(setting => Is(setting)).Select(setting => $"{setting.Name} is {setting.Value}, {setting.Better}").ToArray();
        return Finding.Good(
            Code,
            About,
            small.Length == 0
                ? "nothing in PostgreSQL's settings costs speed."
                : $"nothing in PostgreSQL's settings costs much speed. Better still: {string.Join("; ", small)}."
        );
    }

    private static bool IsSet(IReadOnlyDictionary<string, string> settings, (string Name, string Value, string) setting) =>
        settings.TryGetValue(setting.Name, out var value) && value == setting.Value;

    private static string Resets(IReadOnlyDictionary<string, string> settings) =>
        string.Join(
            ' ',
            Slow.Where(setting => IsSet(settings, setting))
                .Select(setting => $"ALTER SYSTEM RESET {setting.Name};")
                .Append("SELECT pg_reload_conf();")
        );
}
