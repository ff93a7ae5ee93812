using System.CommandLine;
using MediatR;
using Reminders.Commands;
using Reminders.Outbox.Operators;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>What waits for a person: messages in doubt, and messages given up.</summary>
internal static class OutboxCommand
{
    private static readonly Argument<long> Id = new("message") { Description = "The message's id, as list shows it." };
    private static readonly Argument<long?> IdOrFilter = new("message")
    {
        Description = "The message's id, as list shows it; or say which by --channel, --kind, --since, --until, --incident.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is kept with your name.", Required = true };

    public static Command Create() =>
        new("outbox", "Held and dead messages: list, show, settle, resend, replay.")
        {
            HeldList.Create(),
            ShownMessage.Create(Id),
            Settle(),
            Resend(),
            Replay(),
        };

    private static Command Settle()
    {
        var delivered = new Option<bool>("--delivered") { Description = "It arrived." };
        var notDelivered = new Option<bool>("--not-delivered") { Description = "It did not arrive, and is not to be sent again." };
        var many = new HeldOptions();
        var command = new Command("settle", "Say what became of a message in doubt, or of many.")
        {
            IdOrFilter,
            delivered,
            notDelivered,
            Reason,
        };
        many.AddTo(command, IdOrFilter);
        command.Validators.Add(result =>
        {
            if (result.GetValue(delivered) == result.GetValue(notDelivered))
            {
                result.AddError("Say one of --delivered and --not-delivered.");
            }
        });
        command.SetAction(
            (parsed, cancellationToken) =>
                parsed.GetValue(IdOrFilter) is { } id
                    ? RunAsync(new SettleHeld(id, parsed.GetValue(delivered), parsed.GetValue(Reason)), parsed.Words(), cancellationToken)
                    : HeldOptions.RunAsync(
                        new SettleHeldMatching(
                            many.Filter(parsed),
                            parsed.GetValue(delivered),
                            many.IsDryRun(parsed),
                            parsed.GetValue(Reason)
                        ),
                        "cli.settled",
                        "cli.not_settled",
                        cancellationToken
                    )
        );
        return command;
    }

    private static Command Resend()
    {
        var many = new HeldOptions();
        var command = new Command("resend", "Send a message in doubt once more, or many. A recipient may get it twice.")
        {
            IdOrFilter,
            Reason,
        };
        many.AddTo(command, IdOrFilter);
        command.SetAction(
            (parsed, cancellationToken) =>
                parsed.GetValue(IdOrFilter) is { } id
                    ? RunAsync(new ResendHeld(id, parsed.GetValue(Reason)), parsed.Words(), cancellationToken)
                    : HeldOptions.RunAsync(
                        new ResendHeldMatching(many.Filter(parsed), many.IsDryRun(parsed), parsed.GetValue(Reason)),
                        "cli.resent",
                        "cli.not_resent",
                        cancellationToken
                    )
        );
        return command;
    }

    private static Command Replay()
    {
        var command = new Command("replay", "Give a dead message another chance.") { Id, Reason };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(new ReplayDead(parsed.GetValue(Id), parsed.GetValue(Reason)), parsed.Words(), cancellationToken)
        );
        return command;
    }

    private static Task<int> RunAsync(IRequest<Outcome<OperatorResult>> request, Wording words, CancellationToken cancellationToken) =>
        Engine.RunAsync(
            request,
            done =>
                Printing.Say(
                    "cli.message_is",
                    done.Value.MessageId,
                    done.Value.State,
                    words.Reason(done.Value.Reason),
                    done.Value.NewMessageId
                ),
            cancellationToken
        );
}
