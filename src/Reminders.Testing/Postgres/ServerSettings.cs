using System.Text;

namespace Reminders.Testing.Postgres;

/// <summary>
/// The settings file a private cluster includes: sensible for an outbox on one small machine. How statements are planned stays as
/// PostgreSQL has it: what is slow on everybody's server should be slow here too.
/// </summary>
internal static class ServerSettings
{
    public static string Text(LocalPostgresOptions options, int port)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["max_connections"] = "200",
            ["shared_buffers"] = "256MB",
            ["max_wal_size"] = "2GB",
            ["checkpoint_timeout"] = "15min",
            // Without full pages only copies of whole databases are left to compress, at four times what the copy itself costs.
            ["wal_compression"] = options.Durable ? "on" : "off",
            // Queue tables turn over within seconds; the default minute lets dead rows pile up under the claim's index.
            ["autovacuum_naptime"] = "10s",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["log_line_prefix"] = "%m [%p] %a ",
            // Rule 6: what the engine calls committed must survive a kill.
            ["synchronous_commit"] = "on",
            ["fsync"] = options.Durable ? "on" : "off",
            ["full_page_writes"] = options.Durable ? "on" : "off",
        };
        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        settings["listen_addresses"] = "127.0.0.1";
        // TCP with a password is enough; a socket path may exceed its 107 bytes in a deep folder.
        settings["unix_socket_directories"] = "";
        settings["port"] = $"{port}";

        var text = new StringBuilder("# Written at every start; change LocalPostgresOptions.Settings instead.\n");
        foreach (var (name, value) in settings)
        {
            text.Append($"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'\n");
        }

        return text.ToString();
    }
}
