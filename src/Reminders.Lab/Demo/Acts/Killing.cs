using Reminders.Lab.Nodes;

namespace Reminders.Lab.Demo.Acts;

/// <summary>Kills a node while it sends.</summary>
internal sealed class Killing(Cast cast, DemoStage stage, EngineView engine, Narrator narrator)
{
    private const int InTheMiddle = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <returns>The slots whose reminders were on their way out of it, and arrived.</returns>
    public async Task<IReadOnlyList<Slot>> KillInTheMiddleAsync(Func<CancellationToken, Task> meanwhile, CancellationToken ct)
    {
        var record = stage.Telegram.Record;
        await record.WaitForAsync(record => record.MessageCount > 0, Patience, ct);
        var first = cast.Slots.FirstOrDefault(slot => slot.Arrived(record).Count > 0);
        if (first is not null)
        {
            narrator.Good($"The first reminder is there. {first.Name} reads: {first.Arrived(record)[0].Text.ReplaceLineEndings(" ")}");
        }

        var approving = meanwhile(ct);
        await record.WaitForAsync(record => record.MessageCount >= InTheMiddle, Patience, ct);

        // Whichever of the two has most on the wire, and at the worst moment: the candidates have it, the node does not know.
        (NodeProcess Node, int Sending) victim = (stage.Nodes[0], 0);
        await Until.TrueAsync(async () => (victim = await BusiestAsync(ct)).Sending > 1, TimeSpan.FromSeconds(5), ct);
        var before = record.Doubts.Count;
        await victim.Node.KillAsync();
        var there = record.MessageCount;
        // The kernel closes a dead process's connections at once; the other end then knows who will never read its answer.
        await Until.TrueAsync(() => Task.FromResult(record.Doubts.Count >= before + victim.Sending), TimeSpan.FromSeconds(0.5), ct);
        var chats = record.Doubts.Skip(before).Select(doubt => doubt.ChatId).ToHashSet();
        var inDoubt = cast.Slots.Where(slot => chats.Contains(slot.Chat)).ToArray();
        narrator.Bad(
            $"{victim.Node.Name} was killed (SIGKILL) when {there} reminders had arrived, {inDoubt.Length} of which it will never know of."
                + $" {stage.Alive.Single().Name} carries on alone."
        );
        await approving;
        return inDoubt;
    }

    private async Task<(NodeProcess Node, int Sending)> BusiestAsync(CancellationToken ct)
    {
        (NodeProcess Node, int Sending) busiest = (stage.Nodes[0], 0);
        foreach (var node in stage.Alive)
        {
            var chats = await engine.OnTheWireAsync(node.Name, ct);
            // One of them without a part of their own, who can be left in doubt to the end.
            if (
                chats.Count > busiest.Sending
                && cast.Others.Any(slot => chats.Contains(slot.Chat))
                && chats.All(chat => stage.Telegram.Record.MessagesTo(chat).Count > 0)
            )
            {
                busiest = (node, chats.Count);
            }
        }
        return busiest;
    }
}
