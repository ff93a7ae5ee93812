using Npgsql;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <summary>Many bookings at once, written by SQL: to make them is not what is measured or tested.</summary>
internal static class BulkBookings
{
    /// <summary>
    /// Approved: each with a candidate of its own, whose chat is <c>1000000</c> plus their id, and one occurrence of a kind: planned when
    /// <paramref name="queued"/> is false, or fired already with a pending message.
    /// </summary>
    public static async Task WriteAsync(
        NpgsqlDataSource database,
        int count,
        string kind,
        TimeSpan dueIn,
        bool queued,
        CancellationToken cancellationToken,
        string name = "bulk"
    )
    {
        await using var command = database
            .CreateCommand(LabStatement.Named("Bench/Sql/bulk-bookings.sql"))
            .With(count, kind, dueIn, queued, name);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Proposed, and to be approved one by one: each with a candidate of its own and all with one recruiter.</summary>
    /// <param name="run">So that those of one run are other people than those of the next.</param>
    /// <param name="channel">Where the candidates are reached.</param>
    public static async Task<List<Guid>> ProposeAsync(
        NpgsqlDataSource database,
        int count,
        DateTimeOffset startsAt,
        string run,
        string channel,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(LabStatement.Named("Bench/Sql/propose.sql")).With(count, startsAt, run, channel);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>(count);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(Guid.Parse(reader.GetString(0)));
        }

        return ids;
    }
}
