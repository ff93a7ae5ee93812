using System.CommandLine;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Web.Console.Reads;

namespace Reminders.Cli.Commands;

/// <summary>"Anna says she got nothing": who she is, by whatever somebody has of her.</summary>
internal static class FindCommand
{
    private static readonly Argument<string> What = new("what")
    {
        Description = "The app's reference, the beginning of a name, a chat, an e-mail address or a phone.",
    };

    public static Command Create()
    {
        var command = new Command("find", "People, by whatever somebody has of them.") { What, JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var served = engine.Get<IEnumerable<ServedChannel>>();
                var people = await engine.WithAsync(
                    (CommandTransaction current) =>
                        new FindReader(engine.Get<RemindersDb>(), current, served).PeopleAsync(parsed.GetValue(What)!, cancellationToken)
                );
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(people);
                }

                var table = new PlainTable("reference", "name", "owner", "zone");
                foreach (var person in people)
                {
                    table.Add(person.Reference, person.Name, person.Owner, person.Zone);
                }

                await Console.Out.WriteAsync(
                    table.Count == 0 ? Printing.Say("cli.nobody_found", parsed.GetValue(What)!) + Environment.NewLine : table.ToString()
                );
                return 0;
            }
        );
        return command;
    }
}
