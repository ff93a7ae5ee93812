using System.Globalization;

namespace Reminders.Lab.Chaos.Faults;

/// <summary>
/// SIGSTOP, and SIGCONT after shorter and longer than the leases: the node believes that no time has passed, and goes on
/// where it was with whatever it had in hand.
/// </summary>
internal sealed class FreezeNode : IFault
{
    public string Kind => "sigstop";

    public async Task StrikeAsync(Victims victims, Random random, CancellationToken cancellationToken)
    {
        var node = await victims.AtNodeAsync(random, cancellationToken);
        var span = random.Between(0.5, 14);
        await victims.Log.DuringAsync(
            Kind,
            node.Label,
            string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
            async () =>
            {
                node.Freeze();
                await victims.Time.ForAsync(span, cancellationToken);
                node.Resume();
            }
        );
    }
}
