using System.Diagnostics;

namespace Reminders.Lab.Bench;

/// <summary>A queue that is measured beside the engine. Its worker is a process, as a node is.</summary>
internal interface IPeer
{
    /// <summary>As its makers write it.</summary>
    string Name { get; }

    /// <summary>How many messages it is given at most: enough for its rate, and no more than it does within a minute.</summary>
    int Most { get; }

    /// <summary>Makes its tables, and queues that many messages to be sent at once.</summary>
    Task FillAsync(string connectionString, int count, CancellationToken cancellationToken);

    /// <summary>How one worker is started.</summary>
    ProcessStartInfo Worker(string connectionString, Uri sendMessage, int inFlight);
}
