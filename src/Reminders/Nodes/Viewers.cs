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
    private const string Notify = $"NOTIFY {Signals.ConsoleChannel}";

    // A page's own.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private bool _breathes;
    private bool _more;

    /// <summary>After the commit of the change.</summary>
    public async Task TellAsync()
    {
        lock (_gate)
        {
            _more = _breathes;
            if (_breathes)
            {
                return;
            }

            _breathes = true;
        }

        try
        {
            await NotifyAsync();
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
            lock (_gate)
            {
                if (!_more)
                {
                    _breathes = false;
                    return;
                }

                _more = false;
            }

            try
            {
                await NotifyAsync();
            }
            catch (Exception exception) when (exception is NpgsqlException or ObjectDisposedException)
            {
                // The database is away, or the node is: pages say so themselves.
            }
        }
    }

    private async Task NotifyAsync()
    {
        await using var tell = database.CreateCommand(Notify);
        await tell.ExecuteNonQueryAsync();
    }
}
