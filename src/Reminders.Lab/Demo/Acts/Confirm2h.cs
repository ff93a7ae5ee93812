namespace Reminders.Lab.Demo.Acts;

/// <summary>
/// The first incident: a slot is approved, its reminder goes out, the slot is approved again and the candidate gets the
/// reminder and its buttons twice. Here it is approved fifty times at once, on two nodes, one of which is killed.
/// </summary>
internal sealed class Confirm2h : IAct
{
    public const string Kind = "CONFIRM_2H";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public string Name => "confirm_2h";

    public string Title => "Interview confirmations, two hours before";

    public async Task<ActResult> RunAsync(DemoStage stage, Narrator narrator, CancellationToken cancellationToken)
    {
        var cast = new Cast();
        foreach (var (chat, name) in cast.PeopleWithChats)
        {
            stage.Telegram.AddChat(chat, name);
        }

        var engine = new EngineView(stage.Database);
        var recruiting = new Recruiting(cast, stage, narrator);
        var candidates = new Candidates(cast, stage, engine, narrator);

        await recruiting.BookAsync(cancellationToken);
        await recruiting.ApproveAllAsync(cancellationToken);

        var inDoubt = await new Killing(cast, stage, engine, narrator).KillInTheMiddleAsync(
            recruiting.ApproveDuringAsync,
            cancellationToken
        );
        candidates.KeepSilent(inDoubt);
        await candidates.BindAsync(cancellationToken);
        await candidates.AwaitRemindersAsync(Patience, cancellationToken);

        await recruiting.ChangePlansAgainAsync(cancellationToken);
        await candidates.AnswerAsync(Patience, cancellationToken);
        await recruiting.ApproveAfterAsync(cancellationToken);

        narrator.Say("Waiting until nobody has anything left to do…");
        var quiet = await Until.TrueAsync(
            async () => stage.Telegram.PendingUpdates == 0 && await engine.IsQuietAsync(cancellationToken),
            Patience,
            cancellationToken
        );
        if (recruiting.CancelledTooLate && cast.Cancelled.Arrived(stage.Telegram.Record).Count > 0)
        {
            cast.Cancelled.Announced.Add(recruiting.Starts);
        }

        var held = await engine.HeldAsync(cancellationToken);
        var result = new ActTally(cast, stage.Telegram.Record, held).Count(
            Name,
            await engine.SuppressedAsync(cancellationToken),
            stage.Api.ApprovalsAnswered - cast.Slots.Count,
            stage.Api.ApprovalsAsked - cast.Slots.Count
        );
        var problems = result.Problems.Concat(candidates.Problems()).ToList();
        if (!quiet)
        {
            problems.Add($"The engine still had something to do after {Patience.TotalSeconds} seconds.");
        }

        Tell(narrator, result, held, cast);
        return result with { Problems = problems };
    }

    private static void Tell(Narrator narrator, ActResult result, IReadOnlyList<HeldMessage> held, Cast cast)
    {
        if (result.SettledByPress > 0)
        {
            narrator.Good(
                $"Nobody could tell whether {result.InDoubt} messages had arrived; {result.SettledByPress} of them a press "
                    + "has proved since."
            );
        }

        foreach (var message in held.Where(message => message.IsReminder))
        {
            var slot = cast.Slots.Single(slot => slot.Id == message.Booking);
            narrator.Alarm(
                $"Held for a person to decide: the reminder of {slot.Name}. {slot.Recruiter.Name} was told; see ./dev explain {slot.Id}"
            );
        }
    }
}
