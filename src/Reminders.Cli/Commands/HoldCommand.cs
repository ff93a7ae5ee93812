using System.CommandLine;
using Reminders.Commands;
using Reminders.Outbox.Operators;

namespace Reminders.Cli.Commands;

/// <summary>After a restore: what may have been sent by the data that is lost is not sent again by itself.</summary>
internal static class HoldCommand
{
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is kept with your name.", Required = true };

    public static Command Create() =>
        new("hold", "After a restore: hold what may have been sent already, and release it.") { Due(), Release() };

    private static Command Due()
    {
        var until = new Option<DateTimeOffset?>("--until")
        {
            Description = "When the last node ended that sent by the lost data: 2026-11-25T14:03:10Z. Default: now.",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count." };
        var command = new Command("due", "Skip what is planned and due, and put what waits to be sent in doubt. While no node runs.")
        {
            until,
            dryRun,
            Reason,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var (occurrences, messages) = (0L, 0L);
                // One instant for all batches.
                var bound = parsed.GetValue(until);
                while (true)
                {
                    var outcome = await engine.SendAsync(
                        new HoldDue(bound, parsed.GetValue(dryRun), parsed.GetValue(Reason)),
                        cancellationToken
                    );
                    if (outcome is not Outcome<HeldAside>.Done { Value: var batch })
                    {
                        return await Engine.ReportAsync(outcome, _ => "");
                    }

                    bound = batch.Until;
                    (occurrences, messages) = (occurrences + batch.Occurrences, messages + batch.Messages);
                    if (!batch.More)
                    {
                        return await Engine.ReportAsync(outcome, _ => Says(occurrences, messages, batch));
                    }
                }
            }
        );
        return command;
    }

    private static string Says(long occurrences, long messages, HeldAside last) =>
        Printing.Say(last.DryRun ? "cli.would_hold" : "cli.held_due", last.Until, occurrences, messages);

    private static Command Release()
    {
        var kind = new Option<string?>("--kind") { Description = "Only this kind." };
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only what was due then or later." };
        var command = new Command("release", "Plan again what was held. Whoever got it before the restore gets it twice.")
        {
            kind,
            since,
            Reason,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var released = 0L;
                while (true)
                {
                    var outcome = await engine.SendAsync(
                        new ReleaseHeld(parsed.GetValue(kind), parsed.GetValue(since), parsed.GetValue(Reason)),
                        cancellationToken
                    );
                    if (outcome is not Outcome<ReleasedOccurrences>.Done { Value: var batch })
                    {
                        return await Engine.ReportAsync(outcome, _ => "");
                    }

                    released += batch.Occurrences;
                    if (!batch.More)
                    {
                        return await Engine.ReportAsync(outcome, _ => Printing.Say("cli.released", released));
                    }
                }
            }
        );
        return command;
    }
}
