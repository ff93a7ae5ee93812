using System.CommandLine;
using System.Text.Json;
using MediatR;
using Reminders.Commands;
using Reminders.People;

namespace Reminders.Cli.Commands;

/// <summary>People by hand: what is kept about them, and whose chat is whose.</summary>
internal static class PeopleCommand
{
    private static readonly Argument<string> Reference = new("reference") { Description = "The person, as their app knows them." };

    private static readonly Option<string?> Owner = new("--owner")
    {
        Description = "Whose person is meant, where several owners have one of that reference; \"\" for the installation's own.",
    };

    public static Command Create() =>
        new("people", "List people; export or erase what is kept about a person; unbind an address, renew a start code.")
        {
            ListCommand.People(),
            Export(),
            Erase(),
            Unbind(),
            RenewCode(),
        };

    private static Command Export()
    {
        var command = new Command("export", "Everything that is kept about a person, as JSON on standard output.") { Reference, Owner };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new ExportPerson(parsed.GetValue(Reference)!),
                    parsed,
                    done => JsonSerializer.Serialize(done.Value, Printing.Json),
                    cancellationToken
                )
        );
        return command;
    }

    private static Command Erase()
    {
        var reason = new Option<string>("--reason") { Description = "Why; it is kept, so it should not name them.", Required = true };
        var command = new Command(
            "erase",
            "Forget a person: name, addresses, texts, inbox and what came in. What was told once stays told."
        )
        {
            Reference,
            Owner,
            reason,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new ErasePerson(parsed.GetValue(Reference)!, parsed.GetValue(reason)),
                    parsed,
                    done =>
                        Printing.Say(
                            "cli.erased",
                            done.Value.Pseudonym,
                            done.Value.Cancelled,
                            done.Value.UnderWay > 0 ? done.Value.UnderWay : null
                        ),
                    cancellationToken
                )
        );
        return command;
    }

    private static Command Unbind()
    {
        var channel = new Option<string>("--channel") { Description = "telegram, whatsapp or email.", Required = true };
        var reason = Reason();
        var command = new Command("unbind", "Take an address away from a person. With a chat goes the start code; the new one is printed.")
        {
            Reference,
            Owner,
            channel,
            reason,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new UnbindAddress(parsed.GetValue(Reference)!, parsed.GetValue(channel)!, parsed.GetValue(reason)),
                    parsed,
                    StartCode,
                    cancellationToken
                )
        );
        return command;
    }

    private static Command RenewCode()
    {
        var reason = Reason();
        var command = new Command(
            "renew-code",
            "Give a person a new start code. The old one binds nobody any more; who is bound stays bound."
        )
        {
            Reference,
            Owner,
            reason,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(new RenewStartCode(parsed.GetValue(Reference)!, parsed.GetValue(reason)), parsed, StartCode, cancellationToken)
        );
        return command;
    }

    private static string StartCode(Outcome<StartCodeView>.Done done) => $"/start {done.Value.StartCode}";

    private static Option<string?> Reason() => new("--reason") { Description = "Why; it is kept with your name." };

    private static async Task<int> RunAsync<T>(
        IRequest<Outcome<T>> request,
        ParseResult parsed,
        Func<Outcome<T>.Done, string> say,
        CancellationToken cancellationToken
    )
    {
        await using var engine = await Engine.OpenAsync(cancellationToken);
        return await Engine.ReportAsync(await engine.SendAsync(request, cancellationToken, parsed.GetValue(Owner)), say);
    }
}
