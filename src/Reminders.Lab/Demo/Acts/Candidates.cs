using Reminders.Lab.Telegram;

namespace Reminders.Lab.Demo.Acts;

/// <summary>The candidates' deeds: they open the bot, read, and press, some more often than they should.</summary>
internal sealed class Candidates(Cast cast, DemoStage stage, EngineView engine, Narrator narrator)
{
    private const int Confirm = 0;
    private const int Decline = 1;
    private const long StrangersChat = 6666;

    private readonly TelegramSimulator _telegram = stage.Telegram;

    /// <summary>One whose reminder is in doubt never answers, so that the doubt stays for people to see.</summary>
    public void KeepSilent(IReadOnlyList<Slot> inDoubt)
    {
        if (cast.Others.FirstOrDefault(inDoubt.Contains) is not { } silent)
        {
            return;
        }

        silent.Reaction = Reaction.Silent;
        narrator.Say($"One of them, {silent.Name}, will not answer either; that doubt is for {silent.Recruiter.Name} to settle.");
    }

    public Task BindAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _telegram.AddChat(cast.WithoutChat.Chat, cast.WithoutChat.Candidate.Name!);
        _telegram.SendText(cast.WithoutChat.Chat, $"/start {cast.WithoutChat.StartCode}");
        narrator.Say($"{cast.WithoutChat.Name} opens the bot only now, after the reminder was due.");
        return Task.CompletedTask;
    }

    /// <summary>Until everyone has theirs; what a node took to its grave, after a person's decision.</summary>
    public async Task AwaitRemindersAsync(TimeSpan patience, CancellationToken ct)
    {
        var missing = await MissingAsync(patience, ct);
        if (missing.Length > 0)
        {
            // The node was killed between its last commit and the first byte: nobody can know that, so the engine asks.
            foreach (var slot in missing)
            {
                narrator.Alarm(
                    $"{slot.Recruiter.Name} was told that the reminder of {slot.Name} is in doubt, asks, and hears that "
                        + "nothing came: an operator sends it once more."
                );
                await stage.Api.ResendAsync(slot.Id, Confirm2h.Kind, "the candidate says that nothing came", ct);
            }
            missing = await MissingAsync(patience, ct);
            if (missing.Length > 0)
            {
                narrator.Bad($"Not arrived: the reminders of {string.Join(", ", missing.Select(slot => slot.Name))}.");
            }
        }
        if (missing.Length == 0)
        {
            narrator.Good("Every reminder has arrived, the ones the dead node had taken included.");
        }
    }

    private async Task<Slot[]> MissingAsync(TimeSpan patience, CancellationToken ct)
    {
        Slot[] missing = [];
        await Until.TrueAsync(
            async () =>
            {
                // Asked in this order: what is not on its way any more has arrived by now, or never will by itself.
                var underWay = await engine.RemindersUnderWayAsync(ct);
                missing = [.. cast.Slots.Where(slot => slot.Arrived(_telegram.Record).Count < slot.Announced.Count)];
                return missing.Length == 0 || !underWay;
            },
            patience,
            ct
        );
        return missing;
    }

    public async Task AnswerAsync(TimeSpan patience, CancellationToken ct)
    {
        PressOnTheOldMessage();
        await _telegram.Record.WaitForAsync(record => cast.MovedAfter.Arrived(record).Count > 1, patience, ct);
        Press(cast.PressesThreeTimes, Confirm, times: 3);
        Press(cast.PressArrivesTwice, Confirm, asTwoUpdates: true);
        PressAsStranger();
        foreach (var slot in cast.Slots.Except([cast.PressesThreeTimes, cast.PressArrivesTwice, cast.Cancelled]))
        {
            if (slot.Reaction != Reaction.Silent)
            {
                Press(slot, slot.Reaction == Reaction.Declines ? Decline : Confirm);
            }
        }
        cast.Cancelled.Reaction = Reaction.Silent;
        narrator.Say(
            $"{cast.Slots.Count(slot => slot.Reaction == Reaction.Confirms)} candidates confirm and "
                + $"{cast.Slots.Count(slot => slot.Reaction == Reaction.Declines)} decline:"
                + $" {cast.PressesThreeTimes.Name} presses three times, one press of {cast.PressArrivesTwice.Name} comes in "
                + $"as two, a stranger tries the button of {cast.PressedByStranger.Name}."
        );
    }

    /// <summary>What people see on their screens in the end, against what they should.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var slot in cast.Slots.Where(slot => slot.Reaction != Reaction.Silent && slot.Pressed.Count > 0))
        {
            var shown = _telegram.Record.CurrentMessage(slot.Chat, slot.Pressed.Max())!;
            if (shown.Text == slot.Arrived(_telegram.Record)[^1].Text)
            {
                yield return $"{slot.Name} answered, and the message still asks.";
            }
        }
        var old = _telegram.Record.CurrentMessage(cast.MovedAfter.Chat, cast.MovedAfter.Arrived(_telegram.Record)[0].MessageId)!;
        if (old.Buttons.Count > 0 || !old.Text.StartsWith("🕑", StringComparison.Ordinal))
        {
            yield return $"The old message of {cast.MovedAfter.Name} does not say that the interview was moved.";
        }

        if (_telegram.Record.Answers.Count(answer => answer.ChatId == cast.PressedByStranger.Chat) < 2)
        {
            yield return "The stranger, or the candidate pressing after the stranger, was not answered.";
        }
    }

    private void PressOnTheOldMessage()
    {
        // The screen was not refreshed yet: the buttons are still those of the old message.
        if (cast.MovedAfter.Arrived(_telegram.Record) is not [var old, ..])
        {
            return;
        }

        cast.MovedAfter.Pressed.Add(old.MessageId);
        _telegram.Press(old.ChatId, old.MessageId, old.Buttons[Confirm].Data!);
        narrator.Say($"{cast.MovedAfter.Name} confirms on the old message; that counts for nothing, the interview was moved.");
    }

    private void Press(Slot slot, int button, int times = 1, bool asTwoUpdates = false)
    {
        if (slot.Arrived(_telegram.Record) is not [.., var newest])
        {
            slot.Reaction = Reaction.Silent;
            return;
        }
        slot.Pressed.Add(newest.MessageId);
        _telegram.Press(newest.ChatId, newest.MessageId, newest.Buttons[button].Data!, times, asTwoUpdates);
    }

    private void PressAsStranger()
    {
        if (cast.PressedByStranger.Arrived(_telegram.Record) is not [.., var theirs])
        {
            return;
        }

        _telegram.AddChat(StrangersChat, "Stranger");
        _telegram.Press(theirs.ChatId, theirs.MessageId, theirs.Buttons[Decline].Data!, asUser: StrangersChat);
    }
}
