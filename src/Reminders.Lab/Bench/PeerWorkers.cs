using System.Diagnostics;
using Reminders.Lab.Nodes;

namespace Reminders.Lab.Bench;

/// <summary>Starts what works for a peer that is written in this solution: the bench's own program.</summary>
internal static class PeerWorkers
{
    /// <summary>The bench's word for such a worker.</summary>
    public const string Command = "peer-worker";

    private const string ConnectionString = "ConnectionString";

    // The bot's token is part of it, which no list of processes should show.
    private const string SendMessage = "PeerWorkerSendMessage";

    public static ProcessStartInfo Start(IPeer peer, string connectionString, Uri sendMessage, int inFlight)
    {
        var start = Programs.Lab("bench", Command, peer.Name, "--in-flight", $"{inFlight}");
        start.Environment[ConnectionString] = connectionString;
        start.Environment[SendMessage] = sendMessage.ToString();
        return start;
    }

    /// <summary>In that process: works until it is ended, or nothing is left.</summary>
    public static Task RunAsync(string peer, int inFlight, CancellationToken cancellationToken)
    {
        var (connectionString, sendMessage) = (Read(ConnectionString), new Uri(Read(SendMessage)));
        return peer switch
        {
            PlainQueue.Name => PlainQueue.WorkAsync(connectionString, sendMessage, inFlight, cancellationToken),
            HangfirePeer.Name => HangfirePeer.WorkAsync(connectionString, sendMessage, inFlight, cancellationToken),
            QuartzPeer.Name => QuartzPeer.WorkAsync(connectionString, sendMessage, inFlight, cancellationToken),
            _ => throw new ArgumentException($"There is no peer '{peer}'.", nameof(peer)),
        };
    }

    private static string Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"{variable} is not set.");
}
