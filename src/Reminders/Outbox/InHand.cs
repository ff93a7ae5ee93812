using System.Threading.Channels;

namespace Reminders.Outbox;

/// <summary>What the window's next turn will settle and start. The window's loop owns it.</summary>
/// <param name="ready">How many claims it holds ready at most.</param>
/// <param name="batch">How much one turn may settle.</param>
internal sealed class InHand(ChannelReader<Claim> claimed, ChannelReader<Settlement> outcomes, int ready, int batch)
{
    private readonly List<Settlement> _settlements = [];
    private readonly List<Claim> _claims = [];
    private readonly List<Claim> _unstarted = [];

    /// <summary>How many messages came back.</summary>
    public int Settling => _settlements.Count;

    /// <summary>How many wait to be started.</summary>
    public int Claims => _claims.Count;

    /// <summary>What came back.</summary>
    public void GatherOutcomes()
    {
        while (_settlements.Count < batch && outcomes.TryRead(out var settlement))
        {
            _settlements.Add(settlement);
        }
    }

    /// <summary>As many claims as there is room for.</summary>
    public void GatherClaims(int room)
    {
        while (_claims.Count < Math.Min(ready, room) && claimed.TryRead(out var claim))
        {
            _claims.Add(claim);
        }
    }

    /// <summary>Nothing new starts any more.</summary>
    public void LayClaimsDown()
    {
        _unstarted.AddRange(_claims);
        _claims.Clear();
    }

    /// <summary>All that came back, and so many claims: a turn's from now on.</summary>
    public (IReadOnlyList<Settlement> Settlements, IReadOnlyList<Claim> Claims) HandOver(int starting)
    {
        Settlement[] settlements = [.. _settlements];
        Claim[] claims = [.. _claims[..starting]];
        _settlements.Clear();
        _claims.RemoveRange(0, starting);
        return (settlements, claims);
    }

    /// <summary>The turn failed: the same is exchanged again.</summary>
    public void TakeBack(Turn turn)
    {
        _settlements.InsertRange(0, turn.Settlements);
        TakeBack(turn.Claims);
    }

    /// <summary>They could not be started yet.</summary>
    public void TakeBack(IReadOnlyList<Claim> waiting) => _claims.InsertRange(0, waiting);

    /// <summary>What was claimed and will not be started here.</summary>
    public IReadOnlyList<Claim> Unstarted()
    {
        LayClaimsDown();
        while (claimed.TryRead(out var claim))
        {
            _unstarted.Add(claim);
        }

        return _unstarted;
    }
}
