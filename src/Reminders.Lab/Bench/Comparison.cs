namespace Reminders.Lab.Bench;

/// <param name="OfTheFloor">The engine's rate by the floor's, round by round.</param>
/// <param name="OfTheBestPeer">The same by that round's fastest peer; none where none ran.</param>
internal sealed record ComparisonResult(
    double[] OfTheFloor,
    double[] OfTheBestPeer,
    BurstSettings Settings,
    IReadOnlyList<PeerResult> Peers,
    IReadOnlyList<BurstResult> Engine
)
{
    internal bool IsWhole => Engine.All(engine => engine.IsWhole);
}

/// <summary>
/// The same burst through the engine, the floor and other queues, in turns: one machine is as fast as it is at the moment, so only what
/// runs beside it can be compared.
/// </summary>
internal sealed class Comparison(BurstSettings settings, int rounds, IReadOnlyList<string> peers, TimeProvider time)
{
    private static readonly IReadOnlyDictionary<string, IPeer> Known = new IPeer[]
    {
        new NpmPeer("graphile-worker"),
        new NpmPeer("pg-boss"),
        new QuartzPeer(),
        new HangfirePeer(),
    }.ToDictionary(peer => peer.Name);

    public static IReadOnlyList<string> PeerNames { get; } = [.. Known.Keys];

    // As many connections for each as the engine's own window may grow to.
    private int AtOnce => Math.Max(settings.InFlight, 128);

    public async Task<ComparisonResult> RunAsync(CancellationToken cancellationToken)
    {
        if (peers.Any(peer => Known[peer] is NpmPeer))
        {
            await NpmPeer.InstallAsync(cancellationToken);
        }

        var (results, engines) = (new List<PeerResult>(), new List<BurstResult>());
        var (ofTheFloor, ofTheBest) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var floor = await PeerAsync(new PlainQueue(), cancellationToken);
            results.Add(floor);
            var engine = await EngineBurst.RunAsync(settings, api: null, time, cancellationToken);
            engines.Add(engine);
            ofTheFloor.Add(Math.Round(engine.MessagesPerSecond / floor.MessagesPerSecond, 2));
            var best = 0.0;
            foreach (var peer in peers)
            {
                var result = await PeerAsync(Known[peer], cancellationToken);
                results.Add(result);
                best = Math.Max(best, result.MessagesPerSecond);
            }

            if (best > 0)
            {
                ofTheBest.Add(Math.Round(engine.MessagesPerSecond / best, 2));
            }
        }

        return new([.. ofTheFloor], [.. ofTheBest], settings, results, engines);
    }

    private Task<PeerResult> PeerAsync(IPeer peer, CancellationToken cancellationToken) =>
        PeerBurst.RunAsync(peer, settings.Count, AtOnce, settings.Tuned, time, cancellationToken);
}
