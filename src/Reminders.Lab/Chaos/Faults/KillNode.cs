namespace Reminders.Lab.Chaos.Faults;

/// <summary>SIGKILL to one node, which is started again after a while. What it had claimed is noted, to see when others have sent
/// it.</summary>
internal sealed class KillNode : IFault
{
    public string Kind => "sigkill";

    public async Task StrikeAsync(Victims victims, Random random, CancellationToken cancellationToken)
    {
        var node = await victims.AtNodeAsync(random, cancellationToken);
        var rest = random.Between(0, 4);
        // One that is starting proves nothing; and somebody has to be left to take over, even where starting takes long.
        if (node.Name is not { } name || victims.Nodes.Count(other => other.Name is not null) < 2)
        {
            return;
        }

        await victims.Log.DuringAsync(
            Kind,
            node.Label,
            $"back after {rest.TotalSeconds:0.0} s",
            () =>
            {
                node.Kill(rest);
                return Task.CompletedTask;
            }
        );
        await victims.Recoveries.NoteClaimsOfAsync(name, cancellationToken);
    }
}
