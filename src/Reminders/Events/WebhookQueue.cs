using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Events;

/// <summary>The lines that wait for the receiver: taken under a lease, settled by it.</summary>
internal sealed class WebhookQueue(Database database, WebhookOptions options)
{
    /// <summary>The receiver without its address, which may have a secret in it: one that was gone is known again.</summary>
    private readonly string _endpoint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Url?.AbsoluteUri ?? "")));

    /// <summary>From now on, what is asked for is written down.</summary>
    public async Task WantAsync(CancellationToken cancellationToken)
    {
        await using var want = database.CreateCommand("SELECT reminders.want_events($1)").With([options.Wanted.ToArray()]);
        await want.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<TakenEvent>> TakeAsync(CancellationToken cancellationToken)
    {
        await using var take = database
            .CreateCommand(Statement.Named("Events/Sql/take-events.sql"))
            // Twice what a call may take: whose node is lost is told again by another.
            .With(options.InFlight, options.Timeout * 2 + TimeSpan.FromSeconds(5), _endpoint);
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        var taken = new List<TakenEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), Read(reader)));
        }

        return taken;
    }

    private static WebhookEvent Read(NpgsqlDataReader reader)
    {
        return new(
            reader.GetGuid(3).ToString(),
            reader.GetString(4),
            reader.GetFieldValue<DateTimeOffset>(5),
            new(
                new(reader.GetString(6), reader.GetString(7), reader.GetString(8) is { Length: > 0 } owner ? owner : null),
                reader.GetInt64(9),
                Kind: Text(10),
                Recipient: Text(11),
                Message: reader.IsDBNull(12) ? null : reader.GetInt64(12),
                Channel: Text(13),
                Answer: Text(14),
                Status: Text(15),
                Way: Text(16),
                Reason: Wording.English.Reason(Text(17))
            )
        );

        string? Text(int at) => reader.IsDBNull(at) ? null : reader.GetString(at);
    }

    /// <returns>How many were delivered, and how many are given up.</returns>
    public async Task<(long Delivered, long GivenUp)> SettleAsync(
        IReadOnlyList<(TakenEvent Event, WebhookOutcome Outcome)> outcomes,
        CancellationToken cancellationToken
    )
    {
        await using var settle = database
            .CreateCommand(Statement.Named("Events/Sql/settle-events.sql"))
            .With(
                outcomes.Select(one => one.Event.Id).ToArray(),
                outcomes.Select(one => one.Event.Lease).ToArray(),
                outcomes.Select(one => one.Outcome.Trouble is null).ToArray(),
                outcomes.Select(one => WaitAfter(one.Event.Attempts, one.Outcome, Random.Shared.NextDouble())).ToArray()
            );
        settle.Parameters.Add(
            new() { Value = outcomes.Select(one => one.Outcome.Trouble).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
        );
        // Whoever says that they are gone has not failed: it waits for them, or for another receiver.
        settle.With(outcomes.Select(one => one.Outcome.IsGone ? 0 : 1).ToArray(), options.MostAttempts);
        await using var reader = await settle.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>The receiver is gone: it is left alone until an operator resumes, or another is set.</summary>
    public async Task GoneAsync(CancellationToken cancellationToken)
    {
        await using var gone = database
            .CreateCommand("UPDATE reminders.webhook SET gone_at = clock_timestamp(), gone_endpoint = $1")
            .With(_endpoint);
        await gone.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>1 s, 2 s, 4 s … an hour, up to a fifth more by chance; as long as it asked for, if that is more.</summary>
    internal static TimeSpan WaitAfter(int attempts, WebhookOutcome outcome, double chance)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempts), 3600) * (1 + (chance / 5)));
        return outcome.IsGone ? TimeSpan.Zero
            : outcome.After is { } asked && asked > wait ? asked
            : wait;
    }
}
