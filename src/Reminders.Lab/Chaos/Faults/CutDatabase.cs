using System.Globalization;

namespace Reminders.Lab.Chaos.Faults;

/// <summary>
/// Disturbs one node's way to the database, at its proxy: connections are reset and refused; or nothing passes and
/// nothing says so; or requests pass and their answers do not, so that commits happen which the node never hears of.
/// </summary>
internal sealed class CutDatabase : IFault
{
    private static readonly LineState[] Ways = [LineState.Refused, LineState.Stalled, LineState.Answerless];

    public string Kind => "cut";

    public async Task StrikeAsync(Victims victims, Random random, CancellationToken cancellationToken)
    {
        var node = await victims.AtNodeAsync(random, cancellationToken);
        var way = random.OneOf(Ways);
        var span = way == LineState.Answerless ? random.Between(0.2, 2) : random.Between(0.5, 12);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{way.ToString().ToLowerInvariant()} for {span.TotalSeconds:0.0} s");
        await victims.Log.DuringAsync(
            Kind,
            node.Label,
            detail,
            async () =>
            {
                node.Proxy.State = way;
                await victims.Time.ForAsync(span, cancellationToken);
                node.Proxy.State = LineState.Open;
            }
        );
    }
}
