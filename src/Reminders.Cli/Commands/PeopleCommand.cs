using System.CommandLine;
using System.Text.Json;
using Reminders.Recipients;

namespace Reminders.Cli.Commands;

/// <summary>What a person may ask for of what is kept about them.</summary>
internal static class PeopleCommand
{
    private static readonly Argument<string> Reference = new("reference") { Description = "The person, as their app knows them." };

    private static readonly Option<string?> Owner = new("--owner")
    {
        Description = "Whose person is meant, where several owners have one of that reference; \"\" for the installation's own.",
    };

    public static Command Create() => new("people", "Export or erase what is kept about a person.") { Export(), Erase() };

    private static Command Export()
    {
        var command = new Command("export", "Everything that is kept about a person, as JSON on standard output.") { Reference, Owner };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var engine = Engine.Open();
            return await Engine.ReportAsync(
                await engine.SendAsync(new ExportPerson(parsed.GetValue(Reference)!), cancellationToken, parsed.GetValue(Owner)),
                done => JsonSerializer.Serialize(done.Value, Printing.Json));
        });
        return command;
    }

    private static Command Erase()
    {
        var reason = new Option<string>("--reason") { Description = "Why; it is kept, so it should not name them.", Required = true };
        var command = new Command("erase", "Forget a person: name, addresses, texts, inbox and what came in. What was told once stays told.") { Reference, Owner, reason };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var engine = Engine.Open();
            return await Engine.ReportAsync(
                await engine.SendAsync(new ErasePerson(parsed.GetValue(Reference)!, parsed.GetValue(reason)), cancellationToken, parsed.GetValue(Owner)),
                done => $"Erased. The ledger calls them {done.Value.Pseudonym} from now on; not sent any more: {done.Value.Cancelled}."
                    + (done.Value.UnderWay > 0 ? $" Under way: {done.Value.UnderWay}; erase again in a minute to take what their outcome says." : ""));
        });
        return command;
    }
}
