using Npgsql;

namespace Reminders.Lab.Chaos.Faults;

/// <summary>
/// Ends the sessions of the engine's connections, for a second or two and preferably in their commits, so that some of
/// them have committed and their clients cannot know.
/// </summary>
internal sealed class TerminateBackends : IFault
{
    public string Kind => "backend";

    // A commit shows as its statement, or as the wait for the log to reach the disk (PostgreSQL 15 says WALSync, 17 WalSync).
    private const string AtCommit = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
          AND (state = 'active' AND lower(wait_event) IN ('walsync', 'walwrite') OR state = 'active' AND query ~* '^\s*(commit|end)\M'
               OR query ~* '^\s*(commit|end)\M' AND state_change > clock_timestamp() - interval '5 milliseconds')
        """;

    private const string All = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        """;

    public async Task StrikeAsync(Victims victims, Random random, CancellationToken cancellationToken)
    {
        var all = random.Next(4) == 0;
        var until = victims.Time.GetUtcNow() + (all ? TimeSpan.Zero : random.Between(0.5, 2.5));
        await victims.Log.DuringAsync(
            Kind,
            null,
            all ? "all at once" : "those that commit",
            async () =>
            {
                try
                {
                    await using var connection = await victims.Admin.OpenConnectionAsync(CancellationToken.None);
                    await using var terminate = new NpgsqlCommand(all ? All : AtCommit, connection);
                    do
                    {
                        await terminate.ExecuteScalarAsync(CancellationToken.None);
                    } while (victims.Time.GetUtcNow() < until && !cancellationToken.IsCancellationRequested);
                }
                catch (Exception exception) when (Outage.IsOne(exception, CancellationToken.None))
                {
                    // PostgreSQL is being restarted by another fault: that ends sessions too.
                }
            }
        );
    }
}
