using Npgsql;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <param name="Bookings">Those that are over and those to come.</param>
/// <param name="Planned">To come, each with its question.</param>
internal sealed record PagesSizes(int Bookings, int Planned, int Sent, int Dead, int InDoubt)
{
    /// <summary>What the console is measured at.</summary>
    public static PagesSizes Whole { get; } = new(3_000_000, 1_000_000, 5_000_000, 100_000, 20_000);

    public int Candidates => Math.Max(1, Bookings / 6);

    /// <summary>A day of one of them has some 170 bookings.</summary>
    public int Recruiters => Math.Max(1, Planned / 5000);

    public PagesSizes Times(double scale) =>
        new((int)(Bookings * scale), (int)(Planned * scale), (int)(Sent * scale), (int)(Dead * scale), (int)(InDoubt * scale));
}

/// <summary>
/// A month's worth of messages behind and a month of bookings ahead, written by SQL: sets at a time, without what each row would fire, and
/// indexes last.
/// </summary>
internal sealed class PagesFill(NpgsqlDataSource database, PagesSizes sizes)
{
    /// <summary>Fills a database that no node works on, unless it is filled already.</summary>
    /// <returns>Whether it was filled now.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var look = new NpgsqlCommand("SELECT EXISTS (SELECT FROM reminders.subject)", connection))
        {
            if (await look.ExecuteScalarAsync(cancellationToken) is true)
            {
                return false;
            }
        }

        var (over, told) = (sizes.Bookings - sizes.Planned, sizes.Sent + sizes.Dead + sizes.InDoubt);
        var indexes = await IndexesAsync();
        foreach (var index in indexes)
        {
            await RunAsync($"DROP INDEX {index.Name}");
        }

        // Their identity is a trigger's.
        await RunAsync(LabStatement.Named("Bench/Sql/pages-people.sql"), sizes.Candidates, sizes.Recruiters);
        await RunAsync("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'");
        await RunAsync(LabStatement.Named("Bench/Sql/pages-bookings.sql"), over, sizes.Planned, sizes.Candidates, sizes.Recruiters);
        await RunAsync("ANALYZE reminders.subject, reminders.party");
        await RunAsync(LabStatement.Named("Bench/Sql/pages-ledger.sql"), told, over);
        await RunAsync(LabStatement.Named("Bench/Sql/pages-outbox.sql"), (long)told, (long)sizes.Dead, (long)sizes.InDoubt);
        await RunAsync(LabStatement.Named("Bench/Sql/pages-planned.sql"));
        await RunAsync(LabStatement.Named("Bench/Sql/pages-around.sql"), told);
        await RunAsync(LabStatement.Named("Bench/Sql/pages-counted.sql"));
        foreach (var index in indexes)
        {
            await RunAsync(index.Made);
        }

        // As autovacuum leaves them some minutes later.
        await RunAsync("VACUUM ANALYZE");
        return true;

        async Task RunAsync(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 }.With(values);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        async Task<List<(string Name, string Made)>> IndexesAsync()
        {
            await using var read = new NpgsqlCommand(LabStatement.Named("Bench/Sql/pages-indexes.sql"), connection);
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            var made = new List<(string, string)>();
            while (await reader.ReadAsync(cancellationToken))
            {
                made.Add((reader.GetString(0), reader.GetString(1)));
            }

            return made;
        }
    }
}
