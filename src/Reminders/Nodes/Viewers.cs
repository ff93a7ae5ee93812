using Microsoft.Extensions.Logging;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// Tells whoever has a page open, on every node, that something it may show has changed: at once, and once more at the end of a breath for
/// all that changes in it. NOTIFY in the transaction of the change has all of them commit one after another, each with a flush of its own,
/// and wakes every node as often; a page draws breath between two changes anyway.
/// </summary>
/// <remarks>A crash after the commit loses the word. A page that is looked at finds by itself that the audit has grown.</remarks>
internal sealed partial class Viewers(Database database, TimeProvider time, ILogger<Viewers> logger)
{
    /// <summary>Of more recruiters than fit into a payload it is said to anyone.</summary>
    public const int MostNamed = 300;

    private const string Notify = $"SELECT pg_notify('{Signals.ConsoleChannel}', $1)";

    /// <summary>What changes within it is one change, for whoever looks at it as well.</summary>
    public static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly HashSet<long> _named = [];
    private bool _concernsAnyone;
    private bool _hasNews;
    private bool _breathes;

    /// <summary>After the commit of the change.</summary>
    /// <param name="recruiters">Whose bookings it changed; of none it is said to anyone.</param>
    public async Task TellAsync(IReadOnlyCollection<long> recruiters)
    {
        string payload;
        lock (_gate)
        {
            _hasNews = true;
            _concernsAnyone |= recruiters.Count == 0;
            _named.UnionWith(recruiters);
            if (_breathes)
            {
                return;
            }

            _breathes = true;
            payload = TakePayload();
        }

        await NotifyAsync(payload);
        _ = BreatheAsync();
    }

    private async Task BreatheAsync()
    {
        while (true)
        {
            await Task.Delay(Breath, time);
            string payload;
            lock (_gate)
            {
                if (!_hasNews)
                {
                    _breathes = false;
                    return;
                }

                payload = TakePayload();
            }

            await NotifyAsync(payload);
        }
    }

    private string TakePayload()
    {
        var payload = _concernsAnyone || _named.Count > MostNamed ? "" : string.Join(',', _named);
        (_hasNews, _concernsAnyone) = (false, false);
        _named.Clear();
        return payload;
    }

    private async Task NotifyAsync(string payload)
    {
        try
        {
            await using var tell = database.CreateCommand(Notify).With(payload);
            await tell.ExecuteNonQueryAsync();
        }
        catch (Exception exception)
        {
            // The database is away, or the node is: pages say so themselves. Whoever comes next is told all the same.
            LogUntold(exception);
        }
    }

    [LoggerMessage(2103, LogLevel.Debug, "Open pages could not be told of a change")]
    private partial void LogUntold(Exception exception);
}
