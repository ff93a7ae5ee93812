using System.CommandLine;
using Reminders.Lab.Chaos;
using Reminders.Lab.Chaos.Faults;
using Spectre.Console;

namespace Reminders.Lab.Commands;

/// <summary>Breaks everything at random and checks that nothing is sent twice or lost. Everything it needs is its own.</summary>
internal static class ChaosCommand
{
    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "How long things break; settling comes on top.",
        DefaultValueFactory = _ => 10,
    };
    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Chooses the bookings and the faults.",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<string?> Only = new("--only")
    {
        Description = $"One kind of fault alone: {string.Join(", ", FaultDriver.Kinds)}.",
    };
    private static readonly Option<bool> NoLimits = new("--no-limits")
    {
        Description = "Telegram has no limits: what is due is fired and started in one step.",
    };
    private static readonly Option<FileInfo?> Beside = new("--beside")
    {
        Description = "The Reminders.Cli.dll of an earlier build: each node is of that one and of this one in turn.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object as the last line." };
    private static readonly Option<FileInfo?> NodeLog = new("--node-log") { Description = "Keep what the nodes write in this file." };

    public static Command Create()
    {
        Only.AcceptOnlyFromAmong([.. FaultDriver.Kinds]);
        var command = new Command("chaos", "Kill nodes and the database at random, and check that nothing is sent twice or lost.")
        {
            Minutes,
            Seed,
            Only,
            NoLimits,
            Beside,
            Json,
            NodeLog,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(
                        TimeSpan.FromMinutes(parsed.GetValue(Minutes)),
                        parsed.GetValue(Seed),
                        parsed.GetValue(Only),
                        HasLimits: !parsed.GetValue(NoLimits),
                        Beside: parsed.GetValue(Beside)?.FullName
                    ),
                    parsed.GetValue(Json),
                    parsed.GetValue(NodeLog),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(ChaosSettings settings, bool json, FileInfo? nodeLog, CancellationToken cancellationToken)
    {
        await using var log = nodeLog is null ? TextWriter.Null : TextWriter.Synchronized(nodeLog.CreateText());
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        // What happens on the way goes to standard error, so that the table or the JSON stands alone.
        var run = new ChaosRun(
            settings,
            line => Console.Error.WriteLine($"{time.GetElapsedTime(began):mm\\:ss\\.f} {line}"),
            line => log.WriteLine($"{time.GetUtcNow():HH:mm:ss.fff} {line}"),
            time
        );
        var result = await run.RunAsync(cancellationToken);
        ChaosReport.Write(AnsiConsole.Console, result);
        if (json)
        {
            await Console.Out.WriteLineAsync(ChaosReport.Json(result));
        }

        return result.Ok ? 0 : 1;
    }
}
