using System.CommandLine;
using Reminders.Commands;
using Reminders.Lists;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary><c>outbox list</c>: what waits for a person, with the filters that the API's list has.</summary>
internal static class HeldList
{
    private const int PageSize = 100;

    private static readonly Option<MessageState> State = new("--state")
    {
        Description = "uncertain or dead.",
        DefaultValueFactory = _ => MessageState.Uncertain,
    };

    private static readonly Option<string?> Kind = new("--kind") { Description = "Only this kind." };
    private static readonly Option<string?> Channel = new("--channel") { Description = "Only this channel." };
    private static readonly Option<string?> Person = new("--person") { Description = "Only the person's of this reference." };
    private static readonly Option<string?> After = new("--after")
    {
        Description = "The next page of what is looked for: what the former one named.",
    };
    private static readonly SearchOptions Search = new();

    public static Command Create()
    {
        State.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<MessageState>() is not (MessageState.Uncertain or MessageState.Dead))
            {
                result.AddError("--state must be uncertain or dead.");
            }
        });
        var command = new Command("list", "Messages in doubt, those soonest useless first; or the dead, newest first.")
        {
            State,
            Kind,
            Channel,
            Person,
            After,
            JsonOption.Json,
        };
        Search.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var read = await ReadAsync(engine, parsed, cancellationToken);
                if (read is Outcome<ListPage<HeldMessage>>.Done { Value: var page } && parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(page);
                }

                return await Engine.ReportAsync(read, done => Table(done.Value, parsed.GetValue(State), parsed.Words()));
            }
        );
        return command;
    }

    private static async Task<Outcome<ListPage<HeldMessage>>> ReadAsync(
        Engine engine,
        ParseResult parsed,
        CancellationToken cancellationToken
    )
    {
        var state = parsed.GetValue(State);
        var asked = Search.Add(
            new(
                state.ToColumn(),
                parsed.GetValue(Kind),
                parsed.GetValue(Channel),
                parsed.GetValue(Person),
                After: parsed.GetValue(After),
                Size: $"{PageSize}"
            ),
            parsed
        );
        if (HeldSearch.IsAsked(asked))
        {
            return await engine.WithAsync(
                (MessageList list) => engine.WithAsync((HeldMessages held) => HeldSearch.ReadAsync(list, held, asked, cancellationToken))
            );
        }

        var (page, _) = await engine.WithAsync(
            (HeldMessages messages) => messages.ReadAsync(state, after: null, PageSize, cancellationToken)
        );
        return new Outcome<ListPage<HeldMessage>>.Done(new(page, Next: null), Changed: false);
    }

    private static string Table(ListPage<HeldMessage> page, MessageState state, Wording words)
    {
        var table = new PlainTable("message", "kind", "to", "about", "of use until", "why");
        foreach (var message in page.Items)
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

        return (
                table.Count == 0
                    ? Printing.Say(page.LookedTo is null ? "cli.none_is" : "cli.none_is_so_far", state.ToColumn())
                    : table.ToString().TrimEnd()
            )
            + (
                page.Next is { } next ? $"\n{Printing.Say("cli.more", page.LookedTo, next)}"
                : page.Items.Count == PageSize ? $"\n{Printing.Say("cli.first_of", PageSize)}"
                : ""
            );
    }
}
