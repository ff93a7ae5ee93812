using System.CommandLine;
using MediatR;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Storage;

namespace Reminders.Cli.Commands;

/// <summary>How the channels stand, and their pauses.</summary>
internal static class ChannelsCommand
{
    private static readonly Argument<string> Name = new("channel") { Description = "telegram, email, whatsapp, …" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is kept with your name.", Required = true };
    private static readonly Option<string?> Recipient = new("--recipient")
    {
        Description = "Only this one: an address on the channel, or the booking app's reference.",
    };

    public static Command Create() => new("channels", "How the channels stand: list, resume, pause.") { List(), Resume(), Pause() };

    private static Command List()
    {
        var command = new Command("list", "Every channel, who waits by themselves, and what outages left in doubt.") { JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var words = parsed.TableWords();
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var database = engine.Get<Database>();
                var channels = await ChannelBoard.ReadAsync(
                    database.CreateCommand,
                    engine.Get<IEnumerable<ServedChannel>>().Select(channel => channel.Name),
                    only: null,
                    queue: true,
                    cancellationToken
                );
                var incidents = await ChannelBoard.IncidentsAsync(database.CreateCommand, all: true, cancellationToken);
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(new { channels, incidents });
                }

                var table = new PlainTable("channel", "state", "waiting", "says");
                foreach (var channel in channels)
                {
                    table.Add(channel.Name, channel.State, $"{channel.Waiting}", channel.Says(words) ?? "");
                    foreach (var paused in channel.PausedRecipients)
                    {
                        var says = Printing.Say("cli.recipient_waits", paused.Address, paused.Until, words.Reason(paused.Reason));
                        table.Add("", "paused", "", says);
                    }
                }
                await Console.Out.WriteAsync(table.ToString());
                foreach (var incident in incidents)
                {
                    await Console.Out.WriteLineAsync(Printing.Say("cli.incident", incident.Id, incident.Says(words)));
                }

                return 0;
            }
        );
        return command;
    }

    private static Command Resume()
    {
        var command = new Command(
            "resume",
            "Lift a channel's waits and its recipients', or one recipient's. What is in trouble is tried at once."
        )
        {
            Name,
            Recipient,
            Reason,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new ResumeChannel(parsed.GetValue(Name)!, parsed.GetValue(Recipient), parsed.GetValue(Reason)),
                    "cli.nothing_waited",
                    cancellationToken
                )
        );
        return command;
    }

    private static Command Pause()
    {
        var command = new Command("pause", "Stop a channel by hand: nothing starts over it until then, or until it is resumed.")
        {
            Name,
            PauseOption.Until,
            Reason,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new PauseChannel(parsed.GetValue(Name)!, parsed.GetValue(PauseOption.Until), parsed.GetValue(Reason)),
                    "cli.stopped_before",
                    cancellationToken
                )
        );
        return command;
    }

    private static Task<int> RunAsync(IRequest<Outcome<ChannelStatus>> request, string unchanged, CancellationToken cancellationToken) =>
        Engine.RunAsync(
            request,
            done => PauseOption.Standing(done.Value.Name, done.Value.Says(Engine.Words), "cli.is_open", done.Changed, unchanged),
            cancellationToken
        );
}
