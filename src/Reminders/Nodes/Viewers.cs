using Npgsql;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// Tells whoever has a page open, on every node, that something it may show has changed: at once, and once more at the end of a breath for
/// all that changes in it. NOTIFY in the transaction of the change has all of them commit one after another, each with a flush of its own,
/// and wakes every node as often; a page draws breath between two changes anyway.
/// </summary>
/// <remarks>A crash after the commit loses the word. A page that is looked at finds by itself that the audit has grown.</remarks>
internal sealed class Viewers(Database database, TimeProvider time)
{
    private const string Notify = $"SELECT pg_notify('{Signals.ConsoleChannel}', $1)";

    // Of more than fit into a payload it is said to anyone.
    private const int MostNamed = 300;

    /// <summary>What changes within it is one change, for whoever looks at it as well.</summary>
    public static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly HashSet<long> _named = [];
    private bool _breathes;

    /// <summary>After the commit of the change.</summary>
    /// <param name="people">Whom it concerns. Those of them who look at pages are recruiters.</param>
    public async Task TellAsync(IEnumerable<long> people)
    {
        string payload;
        lock (_gate)
        {
            _named.UnionWith(people);
            if (_breathes)
            {
                return;
            }

            _breathes = true;
            payload = Payload();
        }

        try
        {
            await NotifyAsync(payload);
        }
        finally
        {
            _ = BreatheAsync();
        }
    }

    private async Task BreatheAsync()
    {
        while (true)
        {
            await Task.Delay(Breath, time);
            string payload;
            lock (_gate)
            {
                if (_named.Count == 0)
                {
                    _breathes = false;
                    return;
                }

                payload = Payload();
            }

            try
            {
                await NotifyAsync(payload);
            }
            catch (Exception exception) when (exception is NpgsqlException or ObjectDisposedException)
            {
                // The database is away, or the node is: pages say so themselves.
            }
        }
    }

    private string Payload()
    {
        var payload = _named.Count > MostNamed ? "" : string.Join(',', _named);
        _named.Clear();
        return payload;
    }

    private async Task NotifyAsync(string payload)
    {
        await using var tell = database.CreateCommand(Notify).With(payload);
        await tell.ExecuteNonQueryAsync();
    }
}
