using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

/// <summary>Several commits of one window at once: whichever is first, no more is under way than the window holds.</summary>
public sealed class TurnsTests
{
    private readonly List<(Turn Turn, TaskCompletionSource<EndedTurn> Answer)> _open = [];

    [Fact]
    public void A_second_turn_begins_beside_one_that_is_awaited_when_there_is_much_to_do_and_no_third()
    {
        var turns = New(most: 2);
        Assert.True(turns.MayBegin(ready: 1, window: 200));
        turns.Begin(Of(settle: 1, take: 1));
        Assert.False(turns.MayBegin(ready: 24, window: 200));
        Assert.True(turns.MayBegin(ready: 25, window: 200));
        Assert.False(turns.MayBegin(ready: 15, window: 16));
        turns.Begin(Of(settle: 25, take: 25));
        Assert.False(turns.MayBegin(ready: 200, window: 200));
        Assert.False(New(most: 1, begin: Of(settle: 1, take: 1)).MayBegin(ready: 200, window: 200));
    }

    [Fact]
    public void Where_each_could_fill_the_window_a_turn_leaves_as_much_to_the_next()
    {
        var turns = New(most: 2);
        Assert.Equal(100, turns.Share(window: 200));
        turns.Begin(Of(settle: 0, take: turns.Share(window: 200)));
        Assert.Equal(100, turns.Room(left: 200, settling: 0));
        Assert.Equal(200, New(most: 1).Share(window: 200));
        Assert.Equal(1, turns.Share(window: 1));
    }

    [Fact]
    public async Task A_turn_that_fails_ends_with_its_reason_and_whoever_waits_is_woken()
    {
        var turns = New(most: 2);
        var turn = Of(settle: 1, take: 1);
        turns.Begin(turn);
        Assert.False(turns.TryEnd(out _));
        _open[0].Answer.SetException(new InvalidOperationException("away"));
        await turns.Work.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(turns.TryEnd(out var ended));
        Assert.Equal((turn, null, "away"), (ended.Turn, ended.Exchange, ended.Failure?.Message));
        Assert.Equal(0, turns.Count);
    }

    /// <summary>A window as the dispatcher keeps it, against a database that commits in any order and starts as much as it may.</summary>
    [Fact]
    public async Task In_any_order_of_commits_the_window_holds()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            _open.Clear();
            var turns = New(most: 1 + random.Next(3));
            var window = 1 + random.Next(60);
            // As the node knows it, and as the database has it: a commit is heard of later than it is made.
            var (known, stored, back, settling) = (0, 0, 0, 0);
            var unheard = new List<(Turn Turn, TaskCompletionSource<EndedTurn> Answer, int Started)>();
            for (var step = 0; step < 300; step++)
            {
                switch (random.Next(4))
                {
                    case 0: // outcomes come in
                        back += random.Next(known - back - settling + 1);
                        break;
                    case 1: // the loop comes round
                        var room = turns.Room(Math.Max(0, window - known), back);
                        if (back + room > 0 && turns.MayBegin(back + room, window))
                        {
                            turns.Begin(Of(back, room));
                            (settling, back) = (settling + back, 0);
                        }
                        break;
                    case 2 when _open.Count > 0: // the database commits one of them
                        var (turn, answer) = _open[random.Next(_open.Count)];
                        _open.Remove((turn, answer));
                        var started = random.Next(2) == 0 ? turn.Take!.Room : random.Next(turn.Take!.Room + 1);
                        stored += started - turn.Settlements.Count;
                        Assert.True(stored <= window, $"{stored} of {window} are under way (seed {seed}, run {run}, step {step})");
                        unheard.Add((turn, answer, started));
                        break;
                    case 3 when unheard.Count > 0: // and the node hears of it
                        var heard = unheard[random.Next(unheard.Count)];
                        unheard.Remove(heard);
                        heard.Answer.SetResult(new(heard.Turn, Exchange: null));
                        await turns.Work.WaitAsync(TestContext.Current.CancellationToken);
                        Assert.True(turns.TryEnd(out _));
                        settling -= heard.Turn.Settlements.Count;
                        known += heard.Started - heard.Turn.Settlements.Count;
                        break;
                }
            }
        }
    }

    private Turns New(int most, Turn? begin = null)
    {
        var turns = new Turns(
            most,
            turn =>
            {
                var answer = new TaskCompletionSource<EndedTurn>();
                _open.Add((turn, answer));
                return answer.Task;
            }
        );
        if (begin is not null)
        {
            turns.Begin(begin);
        }

        return turns;
    }

    private static Turn Of(int settle, int take) =>
        new(
            [.. Enumerable.Range(0, settle).Select(n => new Settlement(Started.Message(), MessageState.Sent, "sent", null))],
            Claims: [],
            Take.FromTheStart([], take, token: 1),
            Began: 0,
            Late: TimeSpan.Zero,
            Slow: []
        );
}
