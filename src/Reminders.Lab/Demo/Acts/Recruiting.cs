namespace Reminders.Lab.Demo.Acts;

/// <summary>The recruiters' deeds: they book, approve too often, and change their minds.</summary>
internal sealed class Recruiting(Cast cast, DemoStage stage, Narrator narrator)
{
    private const int Impatience = 50;

    private static readonly TimeSpan Confirmation = TimeSpan.FromHours(2);

    private DateTimeOffset _starts;

    /// <summary>When nearly every interview of the story starts.</summary>
    public DateTimeOffset Starts => _starts;

    private DateTimeOffset Tomorrow => _starts.AddHours(22);

    public async Task BookAsync(CancellationToken ct)
    {
        // Enough to book, approve and change everything before the reminders are due; whatever is later goes out at once.
        var lead = TimeSpan.FromSeconds(Math.Min(4 + 1.5 * stage.Pace.TotalSeconds, 20));
        var soon = TimeProvider.System.GetUtcNow() + Confirmation + lead;
        _starts = soon.AddTicks(-(soon.Ticks % TimeSpan.TicksPerSecond));
        await Parallel.ForEachAsync(
            cast.Slots,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct },
            async (slot, ct) =>
            {
                var start = slot == cast.MovedBefore ? Tomorrow : _starts;
                var booking = await stage.Api.CreateAsync(slot.Title, start, slot.Candidate, slot.Recruiter, ct);
                (slot.Id, slot.StartCode) = (booking.Id, booking.Candidate.StartCode);
                if (slot != cast.Cancelled)
                {
                    slot.Announced.Add(_starts);
                }
            }
        );
        narrator.Say(
            $"Booked {cast.Slots.Count} interviews through both nodes. Their candidates are to be asked two hours before: in "
                + $"{(_starts - Confirmation - TimeProvider.System.GetUtcNow()).TotalSeconds:0} seconds."
        );
    }

    public async Task ApproveAllAsync(CancellationToken ct)
    {
        Slot[] first = [cast.MovedBefore, cast.MovedThereAndBackBefore, cast.Cancelled];
        await ApproveAsync(first, ct);
        await stage.Api.MoveAsync(cast.MovedBefore.Id, _starts, ct);
        await stage.Api.MoveAsync(cast.MovedThereAndBackBefore.Id, Tomorrow, ct);
        await stage.Api.MoveAsync(cast.MovedThereAndBackBefore.Id, _starts, ct);
        await stage.Api.CancelAsync(cast.Cancelled.Id, ct);
        CancelledTooLate = TimeProvider.System.GetUtcNow() >= _starts - Confirmation;
        await ApproveAsync(cast.Slots.Except(first).Concat(Enumerable.Repeat(cast.ApprovedManyTimesBefore, Impatience - 1)), ct);
        narrator.Say($"Approved them all; {cast.ApprovedManyTimesBefore.Name} by an impatient recruiter, {Impatience} times at once.");
        narrator.Say(
            $"Plans change: {cast.MovedBefore.Name} moved from tomorrow to today, {cast.MovedThereAndBackBefore.Name} to tomorrow and back,"
                + $" {cast.Cancelled.Name} cancelled. {cast.WithoutChat.Name} has not opened the bot yet."
        );
    }

    /// <summary>The machine was so slow that the reminder may have gone out before the cancellation.</summary>
    public bool CancelledTooLate { get; private set; }

    public async Task ApproveDuringAsync(CancellationToken ct)
    {
        await ApproveManyTimesAsync(cast.ApprovedManyTimesDuring, ct);
        narrator.Say($"{cast.ApprovedManyTimesDuring.Name} was approved {Impatience} times more while the reminders go out.");
    }

    public async Task ChangePlansAgainAsync(CancellationToken ct)
    {
        // Half an hour earlier: its two hours before are past, so the candidate is to hear at once.
        var earlier = _starts.AddMinutes(-30);
        await stage.Api.MoveAsync(cast.MovedAfter.Id, earlier, ct);
        cast.MovedAfter.Announced.Add(earlier);
        await stage.Api.MoveAsync(cast.MovedThereAndBackAfter.Id, Tomorrow, ct);
        await stage.Api.MoveAsync(cast.MovedThereAndBackAfter.Id, _starts, ct);
        narrator.Say(
            $"Plans change again: {cast.MovedAfter.Name} has the reminder and now starts half an hour earlier;"
                + $" {cast.MovedThereAndBackAfter.Name} has it too, was moved to tomorrow and back, and need not hear twice."
        );
    }

    public async Task ApproveAfterAsync(CancellationToken ct)
    {
        await ApproveManyTimesAsync(cast.ApprovedManyTimesAfter, ct);
        narrator.Say(
            $"{cast.ApprovedManyTimesAfter.Name} was approved {Impatience} times more, long after the reminder. That was the incident."
        );
    }

    private Task ApproveManyTimesAsync(Slot slot, CancellationToken ct) => ApproveAsync(Enumerable.Repeat(slot, Impatience), ct);

    private Task ApproveAsync(IEnumerable<Slot> slots, CancellationToken ct) =>
        Parallel.ForEachAsync(
            slots,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct },
            async (slot, ct) => await stage.Api.ApproveAsync(slot.Id, ct)
        );
}
