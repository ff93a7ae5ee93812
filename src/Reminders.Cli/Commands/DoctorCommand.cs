using System.CommandLine;
using System.Text.Json;
using Reminders.Doctor;
using Reminders.Storage.Schema;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>Is everything here that should be, and does it agree?</summary>
internal static class DoctorCommand
{
    private const int IsBroken = 1;
    private const int CouldNotLook = 2;
    private const int Narrowest = 11;

    private static readonly Option<bool> Deep = new("--deep", "--duplicates")
    {
        Description = "Also read whole tables: whether somebody was told the same twice. Takes long; says on standard error how far it is.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "As GET /api/doctor answers, for programs." };

    private static readonly Option<bool> Sql = new("--sql")
    {
        Description = "Print only the statements that bring back what the schema lacks; read them, then give them to psql.",
    };

    public static Command Create()
    {
        var command = new Command(
            "doctor",
            """
            Look whether everything is there and agrees. Exit code 0 when nothing is broken, though something may want a look (!);
            1 when something is (✗): no node runs, a channel is broken, the schema is not this build's; 2 when it could not look: the
            database cannot be used, or a setting is wrong.
            """
        )
        {
            Deep,
            Json,
            Sql,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var exit = await Problems.ToExitCodeAsync(() =>
                    parsed.GetValue(Sql)
                        ? PrintSqlAsync(cancellationToken)
                        : LookAsync(
                            parsed.GetValue(Deep) ? DoctorDepth.Deep : DoctorDepth.Quick,
                            parsed.GetValue(Json),
                            parsed.Words(),
                            cancellationToken
                        )
                );
                return exit == Problems.NoDatabase ? CouldNotLook : exit;
            }
        );
        return command;
    }

    private static async Task<int> LookAsync(DoctorDepth depth, bool json, Wording words, CancellationToken cancellationToken)
    {
        await using var engine = await Engine.OpenAsync(cancellationToken);
        var progress = depth == DoctorDepth.Deep ? new Steps(words) : null;
        var time = TimeProvider.System;
        var (at, began) = (time.GetUtcNow(), time.GetTimestamp());
        var findings = await engine.Get<DoctorRounds>().LookAsync(depth, progress, cancellationToken);
        if (json)
        {
            var report = DoctorReport.Of(findings, depth, at, time.GetElapsedTime(began), words);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(report, Printing.Json));
        }
        else
        {
            var width = findings.Select(finding => finding.AboutIn(words).Length).Append(Narrowest).Max();
            foreach (var finding in findings)
            {
                await Console.Out.WriteLineAsync($"{Mark(finding.Health)} {finding.AboutIn(words).PadRight(width)} {finding.Line(words)}");
            }
        }

        return findings.Any(finding => finding.Health == Health.Bad) ? IsBroken : 0;
    }

    private static async Task<int> PrintSqlAsync(CancellationToken cancellationToken)
    {
        await using var engine = await Engine.OpenAsync(cancellationToken);
        foreach (var one in await engine.Get<SchemaCheck>().LookAsync(cancellationToken))
        {
            if (one.Weight == Weight.Foreign)
            {
                continue;
            }

            await Console.Out.WriteLineAsync($"-- {one.Says}.");
            await Console.Out.WriteLineAsync(one.Mends ?? "-- By hand.");
        }

        return 0;
    }

    private static string Mark(Health health) =>
        health switch
        {
            Health.Good => "✓",
            Health.Attention => "!",
            _ => "✗",
        };

    /// <summary>Beside what is printed, and at once: what waits for it is a person.</summary>
    private sealed class Steps(Wording words) : IProgress<DoctorProgress>
    {
        public void Report(DoctorProgress value) => Console.Error.WriteLine($"{value.Done}/{value.Of} {Shown.About(value.Check, words)}");
    }
}
