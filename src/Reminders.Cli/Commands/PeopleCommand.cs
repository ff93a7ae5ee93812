using System.CommandLine;
using MediatR;
using Reminders.Bookings;
using Reminders.Recipients;

namespace Reminders.Cli.Commands;

/// <summary>People by hand: whose chat is whose.</summary>
internal static class PeopleCommand
{
    private static readonly Argument<string> Reference = new("reference") { Description = "The booking app's own id of the person." };

    public static Command Create() => new("people", "People: unbind an address, renew a start code.")
    {
        Unbind(),
        RenewCode(),
    };

    private static Command Unbind()
    {
        var channel = new Option<string>("--channel") { Description = "telegram, whatsapp or email.", Required = true };
        var reason = Reason();
        var command = new Command("unbind", "Take an address away from a person. With a chat goes the start code; the new one is printed.") { Reference, channel, reason };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new UnbindAddress(parsed.GetValue(Reference)!, parsed.GetValue(channel)!, parsed.GetValue(reason)), cancellationToken));
        return command;
    }

    private static Command RenewCode()
    {
        var reason = Reason();
        var command = new Command("renew-code", "Give a person a new start code. The old one binds nobody any more; who is bound stays bound.") { Reference, reason };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new RenewStartCode(parsed.GetValue(Reference)!, parsed.GetValue(reason)), cancellationToken));
        return command;
    }

    private static Option<string?> Reason() => new("--reason") { Description = "Why; it is kept with your name." };

    private static async Task<int> RunAsync(IRequest<Outcome<StartCodeView>> request, CancellationToken cancellationToken)
    {
        await using var engine = Engine.Open();
        return await Engine.ReportAsync(await engine.SendAsync(request, cancellationToken), done => $"/start {done.Value.StartCode}");
    }
}
