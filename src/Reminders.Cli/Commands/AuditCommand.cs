using System.CommandLine;
using Reminders.Commands;

namespace Reminders.Cli.Commands;

/// <summary>Who changed an address, a key, a token, an answer or a pause, and who was refused.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Who changed what, and who was refused.") { List() };

    private static Command List()
    {
        var about = new Option<string?>("--about")
        {
            Description = "Only what was done to this, as the list names it: \"key booking-app\", \"recipient #17\".",
        };
        var before = new Option<long?>("--before") { Description = "Only lines older than the one of this number." };
        var size = new Option<int>("--size") { Description = "How many: 1 to 1000.", DefaultValueFactory = _ => 50 };
        size.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--size must be 1 to 1000.");
            }
        });
        var command = new Command("list", "Newest first. Addresses are masked.") { about, before, size, JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var lines = await engine.WithAsync(
                    (AuditLog log) =>
                        log.ReadAsync(parsed.GetValue(about), parsed.GetValue(before), parsed.GetValue(size), cancellationToken)
                );
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(lines);
                }

                var table = new PlainTable("line", "at", "who", "did", "about", "known as", "before", "after", "why");
                foreach (var line in lines)
                {
                    table.Add(
                        $"{line.Id}",
                        PlainTable.Show(line.At),
                        line.Actor,
                        line.Refused ? Printing.Say("cli.refused", line.Action) : line.Action,
                        line.AboutIn(parsed.Words()),
                        line.Person ?? "",
                        line.Before ?? "",
                        line.After ?? "",
                        line.ReasonIn(parsed.Words()) ?? ""
                    );
                }
                await Console.Out.WriteAsync(table.ToString());
                return 0;
            }
        );
        return command;
    }
}
