using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>
/// How the server should treat our sessions. Sent as a statement: a pooler refuses the startup parameter <c>options</c>.
/// Where a connection is a session, once for each; behind a pooler in transaction mode, in the transactions that matter.
/// </summary>
internal static class SessionSettings
{
    // Rule 6: a commit that a crash of the server could take back would make a sent message pending again; whatever the role
    // or the database is set to, but never less than they ask for.
    private const string Durable =
        "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' "
        + "ELSE 'on' END, {0})";

    private static readonly (string Name, string Value)[] Others =
    [
        // A frozen node keeps its sessions, and would keep the locks of a transaction it was in the middle of: the row of a
        // booking, or Quartz's cluster-wide one; no transaction here waits for anything but the database.
        ("idle_in_transaction_session_timeout", "10s"),
        // The statements are few, wide and always the same: planned once, never compiled; both cost more than they run.
        ("plan_cache_mode", "force_generic_plan"),
        // Planned while a table is small, they would read all of it at each use, until autovacuum has seen that it grew.
        ("enable_seqscan", "off"),
        ("jit", "off"),
    ];

    /// <summary>For the transaction it is sent in. One row comes back.</summary>
    public static readonly string OfTransaction = Statement(local: true, given: null);

    /// <param name="options">The connection string's own <c>Options</c>: what they name stays as they have it.</param>
    public static string OfSession(string? options) => Statement(local: false, options);

    /// <summary>Asked once of each new session.</summary>
    public static void Set(NpgsqlConnection connection, string statement)
    {
        using var command = SchemaNames.Default.Command(statement, connection);
        command.ExecuteNonQuery();
    }

    /// <inheritdoc cref="Set"/>
    public static async Task SetAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = SchemaNames.Default.Command(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string Statement(bool local, string? given)
    {
        var scope = local ? "true" : "false";
        var others = Others
            // A transaction has nothing to do with how what is prepared is planned.
            .Where(setting =>
                !(local && setting.Name is ("plan_cache_mode" or "enable_seqscan"))
                && given?.Contains(setting.Name, StringComparison.OrdinalIgnoreCase) is not true
            )
            .Select(setting => $"set_config('{setting.Name}', '{setting.Value}', {scope})");
        return "SELECT " + string.Join(", ", others.Prepend(Durable.Replace("{0}", scope, StringComparison.Ordinal)));
    }
}
