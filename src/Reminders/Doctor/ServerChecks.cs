using Reminders.Storage;
using Reminders.Words;

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
        ("autovacuum", "off", "found.costs_dead_rows"),
        ("track_counts", "off", "found.costs_no_counts"),
        ("log_statement", "all", "found.costs_log"),
        ("log_statement", "mod", "found.costs_log_of_writes"),
        ("log_min_duration_statement", "0", "found.costs_log"),
        ("log_duration", "on", "found.costs_log"),
        ("enable_indexscan", "off", "found.costs_scans"),
        ("enable_nestloop", "off", "found.costs_joins"),
    ];

    // As PostgreSQL ships them.
    private static readonly (string Name, string Value, string Better)[] Small =
    [
        ("shared_buffers", "128MB", "found.better_memory"),
        ("max_wal_size", "1GB", "found.better_wal"),
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
        var slow = Slow.Where(setting => Is(setting))
            .Select(setting => new Sentence("found.setting_costs", setting.Name, setting.Value, new Sentence(setting.Costs)))
            .ToArray();
        if (slow.Length > 0)
        {
            return Finding.Attention(
                Code,
                About,
                new("found.slow_settings", [slow]),
                Fix.BySql(new("fix.reset_settings"), Resets(settings))
            );
        }

        var small = Small
            .Where(setting => Is(setting))
            .Select(setting => new Sentence("found.setting_better", setting.Name, setting.Value, new Sentence(setting.Better)))
            .ToArray();
        return Finding.Good(Code, About, small.Length == 0 ? new("found.good_settings") : new("found.better_settings", [small]));
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
