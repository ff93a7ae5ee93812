using System.CommandLine;
using MediatR;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>What waits for a person: messages in doubt, and messages given up.</summary>
internal static class OutboxCommand
{
    private const int PageSize = 100;

    private static readonly Argument<long> Id = new("message") { Description = "The message's id, as list shows it." };
    private static readonly Argument<long?> IdOrFilter = new("message")
    {
        Description = "The message's id, as list shows it; or say which by --channel, --kind, --since, --until, --incident.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is kept with your name.", Required = true };

    public static Command Create() =>
        new("outbox", "Held and dead messages: list, settle, resend, replay.") { List(), Settle(), Resend(), Replay() };

    private static Command List()
    {
        var state = new Option<MessageState>("--state")
        {
            Description = "uncertain or dead.",
            DefaultValueFactory = _ => MessageState.Uncertain,
        };
        var kind = new Option<string?>("--kind") { Description = "Only this kind." };
        state.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<MessageState>() is not (MessageState.Uncertain or MessageState.Dead))
            {
                result.AddError("--state must be uncertain or dead.");
            }
        });
        var command = new Command("list", "Messages in doubt, those soonest useless first; or the dead, newest first.")
        {
            state,
            kind,
            SpokenOption.Language,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var words = parsed.Words();
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var (page, next) = await engine.WithAsync(
                    (HeldMessages messages) =>
                        messages.ReadAsync(parsed.GetValue(state), parsed.GetValue(kind), after: null, PageSize, cancellationToken)
                );
                var table = new PlainTable("message", "kind", "to", "about", "of use until", "why");
                foreach (var message in page)
                {
                    table.Add(
                        $"{message.Id}",
                        message.Kind,
                        message.Recipient,
                        $"{message.SubjectType} {message.SubjectKey}",
                        PlainTable.Show(message.UsefulUntil),
                        words.Reason(message.Reason) ?? message.LastOutcome ?? ""
                    );
                }
                await Console.Out.WriteAsync(
                    table.Count == 0 ? $"No message is {parsed.GetValue(state).ToColumn()}.{Environment.NewLine}" : table.ToString()
                );
                if (next is not null)
                {
                    await Console.Out.WriteLineAsync($"These are the first {PageSize}; narrow them with --kind.");
                }

                return 0;
            }
        );
        return command;
    }

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
            SpokenOption.Language,
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
                        "settled",
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
            SpokenOption.Language,
        };
        many.AddTo(command, IdOrFilter);
        command.SetAction(
            (parsed, cancellationToken) =>
                parsed.GetValue(IdOrFilter) is { } id
                    ? RunAsync(new ResendHeld(id, parsed.GetValue(Reason)), parsed.Words(), cancellationToken)
                    : HeldOptions.RunAsync(
                        new ResendHeldMatching(many.Filter(parsed), many.IsDryRun(parsed), parsed.GetValue(Reason)),
                        "sent again",
                        cancellationToken
                    )
        );
        return command;
    }

    private static Command Replay()
    {
        var command = new Command("replay", "Give a dead message another chance.") { Id, Reason, SpokenOption.Language };
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
                $"Message {done.Value.MessageId} is {done.Value.State}: {words.Reason(done.Value.Reason)}."
                + (done.Value.NewMessageId is { } next ? $" Message {next} takes its place." : ""),
            cancellationToken
        );
}
