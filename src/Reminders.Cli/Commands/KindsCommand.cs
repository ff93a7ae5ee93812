using System.CommandLine;
using MediatR;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Outbox.Operators;
using Reminders.Storage;

namespace Reminders.Cli.Commands;

/// <summary>What kinds there are, and their pauses.</summary>
internal static class KindsCommand
{
    private static readonly Argument<string> Name = new("kind") { Description = "CONFIRM_2H, NO_ANSWER_1H, …" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is kept with your name.", Required = true };

    public static Command Create() => new("kinds", "How the kinds stand: list, resume, pause.") { List(), Resume(), Pause() };

    private static Command List()
    {
        var command = new Command("list", "Every kind that is set up here, its channels, and what of it waits.") { JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var words = parsed.TableWords();
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var kinds = await KindBoard.ReadAsync(
                    engine.Get<Database>().CreateCommand,
                    engine.Get<KindCatalog>().Kinds.Values,
                    cancellationToken
                );
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(kinds);
                }

                var table = new PlainTable("kind", "channels", "waiting", "says");
                foreach (var kind in kinds)
                {
                    table.Add(kind.Name, string.Join(", ", kind.Channels), $"{kind.Waiting}", kind.Says(words) ?? "");
                }

                await Console.Out.WriteAsync(table.ToString());
                return 0;
            }
        );
        return command;
    }

    private static Command Resume()
    {
        var command = new Command("resume", "End a kind's pause: what waits of it leaves at its channel's pace.") { Name, Reason };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(new ResumeKind(parsed.GetValue(Name)!, parsed.GetValue(Reason)), "cli.was_not_paused", cancellationToken)
        );
        return command;
    }

    private static Command Pause()
    {
        var command = new Command("pause", "Stop a kind by hand: nothing of it starts until then, or until it is resumed.")
        {
            Name,
            PauseOption.Until,
            Reason,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new PauseKind(parsed.GetValue(Name)!, parsed.GetValue(PauseOption.Until), parsed.GetValue(Reason)),
                    "cli.paused_before",
                    cancellationToken
                )
        );
        return command;
    }

    private static Task<int> RunAsync(IRequest<Outcome<KindStatus>> request, string unchanged, CancellationToken cancellationToken) =>
        Engine.RunAsync(
            request,
            done => PauseOption.Standing(done.Value.Name, done.Value.Says(Engine.Words), "cli.not_paused", done.Changed, unchanged),
            cancellationToken
        );
}
