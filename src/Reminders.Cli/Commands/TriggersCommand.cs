using System.CommandLine;
using System.Globalization;
using Reminders.Commands;
using Reminders.Web.Console.Reads;

namespace Reminders.Cli.Commands;

/// <summary>The instants for which the scheduler has a trigger. It says when, never whether.</summary>
internal static class TriggersCommand
{
    private static readonly Option<string?> Kind = new("--kind") { Description = "Only this kind." };
    private static readonly Option<string?> After = new("--after") { Description = "The next page: what the former one named." };
    private static readonly Option<int> Size = new("--size") { Description = "How many: 1 to 200.", DefaultValueFactory = _ => 50 };

    public static Command Create() => new("triggers", "When the scheduler fires next.") { List() };

    private static Command List()
    {
        Size.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 200)
            {
                result.AddError("--size must be 1 to 200.");
            }
        });
        var command = new Command("list", "Triggers by when they fire, with how many reminders wait for each.")
        {
            Kind,
            After,
            Size,
            JsonOption.Json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var size = parsed.GetValue(Size);
                var due = await engine.WithAsync(
                    (CommandTransaction current) =>
                        new QuartzReader(current).DueAsync(
                            parsed.GetValue(Kind) ?? "",
                            From(parsed.GetValue(After)),
                            size + 1,
                            cancellationToken
                        )
                );
                var page = due.Take(size).ToArray();
                var next = due.Count > size ? string.Create(CultureInfo.InvariantCulture, $"{page[^1].Ticks}.{page[^1].Name}") : null;
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(new { items = page, next });
                }

                var table = new PlainTable("kind", "due", "state", "reminders wait");
                foreach (var one in page)
                {
                    table.Add(
                        one.Kind,
                        PlainTable.Show(one.Due),
                        one.State,
                        one.Waiting > Board.Most ? $"{Board.Most}+" : $"{one.Waiting}"
                    );
                }

                await Console.Out.WriteAsync(table.Count == 0 ? Printing.Say("cli.no_trigger") + Environment.NewLine : table.ToString());
                if (next is not null)
                {
                    await Console.Out.WriteLineAsync(Printing.Say("cli.more", null, next));
                }

                return 0;
            }
        );
        return command;
    }

    private static (long Ticks, string Name) From(string? after) =>
        after?.Split('.', 2) is [var at, { } name] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? (ticks, name)
            : (0, "");
}
