using Npgsql;

namespace Reminders.Web.Console.Reads;

/// <summary>Something that a person has stopped, and has not let go on yet.</summary>
/// <param name="Kind">The kind's name; null where it is a channel.</param>
/// <param name="Channel">The channel's name; null where it is a kind.</param>
internal sealed record PauseNow(string? Kind, string? Channel, DateTimeOffset Since, DateTimeOffset? Until, string By, string Reason);

/// <summary>
/// What every page says at its head: who has stopped what. Read once for all pages of a node, and not for each of them.
/// </summary>
internal sealed class PausesNow(ConsoleDatabase database, TimeProvider time)
{
    // A pause of one's own is read at the next page, which comes after it was committed.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Reading? _last;

    /// <summary>Before a page is made.</summary>
    public async Task<IReadOnlyList<PauseNow>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < Fresh)
        {
            return last.Pauses;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } meanwhile || time.GetElapsedTime(meanwhile.At) >= Fresh)
            {
                _last = new(await database.PausesAsync(cancellationToken), time.GetTimestamp());
            }

            return _last.Pauses;
        }
        catch (NpgsqlException)
        {
            // The page itself says what is the matter, when it asks.
            return _last?.Pauses ?? [];
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Reading(IReadOnlyList<PauseNow> Pauses, long At);
}
