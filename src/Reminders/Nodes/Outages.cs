using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// Says once for the whole node that something is away: a line when it begins, one a minute while it lasts, one when it is
/// over. A dozen loops that each report each try wrote a gigabyte a day.
/// </summary>
internal sealed partial class Outages(DatabaseTrouble trouble, TimeProvider time, ILogger<Outages> logger)
{
    private const string Database = "The database";
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    // Quartz and Npgsql notice only later that it is back: by the next turn of a loop of theirs, on a pooled connection.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Outage> _under = new(StringComparer.Ordinal);

    /// <summary>Whether the database is away, or was until a moment ago: what others say of it meanwhile is nothing new.</summary>
    public bool IsDatabaseAway => _under.TryGetValue(Database, out var outage) && outage.IsFresh(time, Aftermath);

    /// <param name="what">As operators read it: <c>Dispatch over telegram</c>. A failure of the database's is the database's.</param>
    public void Failed(string what, Exception exception)
    {
        trouble.Heard(exception);
        if (Faults.IsOutage(exception))
        {
            Failed(Database, Faults.Say(exception));
        }
        else
        {
            Failed(what, exception.Message);
        }
    }

    /// <summary>The same for a reason that is no exception.</summary>
    public void Failed(string what, string reason)
    {
        reason = OutsideText.Clean(reason);
        switch (_under.GetOrAdd(what, _ => new()).Fail(time, Between))
        {
            case { IsFirst: true }:
                LogBegan(what, reason);
                break;
            case { } again:
                LogLasts(what, again.Lasts, again.Times, reason);
                break;
        }
    }

    /// <summary>It got something done. Costs nothing where nothing was away.</summary>
    public void Works(string what)
    {
        if (_under.TryGetValue(what, out var outage) && outage.End(time) is { } ended)
        {
            LogOver(what, ended.Lasts, ended.Times);
        }
    }

    public void DatabaseWorks() => Works(Database);

    [LoggerMessage(1010, LogLevel.Warning, "{What} fails and is tried again, which is said once a minute: {Reason}")]
    private partial void LogBegan(string what, string reason);

    [LoggerMessage(1011, LogLevel.Warning, "{What} has failed for {Lasts}, {Times} times: {Reason}")]
    private partial void LogLasts(string what, TimeSpan lasts, long times, string reason);

    // As loud as its beginning: whoever was told of one has to be told of the other.
    [LoggerMessage(1012, LogLevel.Warning, "{What} works again after {Lasts} and {Times} failures")]
    private partial void LogOver(string what, TimeSpan lasts, long times);

    /// <summary>One thing that is away, or was.</summary>
    private sealed class Outage
    {
        private readonly Lock _gate = new();
        private long _began;
        private long _last;
        private long? _said;
        private long _times;
        private bool _isOn;
        private bool _isSaid;

        public bool IsFresh(TimeProvider time, TimeSpan aftermath)
        {
            lock (_gate)
            {
                return _isOn || _said is not null && time.GetElapsedTime(_last) < aftermath;
            }
        }

        /// <returns>What is to be said now; null for nothing. What comes and goes is said once a minute as well.</returns>
        public (bool IsFirst, TimeSpan Lasts, long Times)? Fail(TimeProvider time, TimeSpan between)
        {
            lock (_gate)
            {
                _last = time.GetTimestamp();
                if (!_isOn)
                {
                    (_isOn, _isSaid, _began, _times) = (true, false, _last, 0);
                }

                _times++;
                if (_said is { } before && time.GetElapsedTime(before, _last) < between)
                {
                    return null;
                }

                _said = _last;
                var first = !_isSaid;
                _isSaid = true;
                return (first, Seconds(time), _times);
            }
        }

        /// <returns>How long it was away; null where nobody was told that it is.</returns>
        public (TimeSpan Lasts, long Times)? End(TimeProvider time)
        {
            if (!Volatile.Read(ref _isOn))
            {
                return null;
            }

            lock (_gate)
            {
                if (!_isOn)
                {
                    return null;
                }

                _isOn = false;
                _last = time.GetTimestamp();
                return _isSaid ? (Seconds(time), _times) : null;
            }
        }

        private TimeSpan Seconds(TimeProvider time) => TimeSpan.FromSeconds(Math.Round(time.GetElapsedTime(_began, _last).TotalSeconds));
    }
}
