using Microsoft.Extensions.Time.Testing;
using Reminders.Doctor;
using Reminders.Words;

namespace Reminders.Tests.Rounds;

/// <summary>Whatever becomes of a check, doctor goes on, and what became of it is found.</summary>
public sealed class BoundedChecks
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_that_throws_or_never_ends_is_a_finding()
    {
        var time = new FakeTimeProvider();
        var thrown = await BoundedCheck.RunAsync(
            new("odd", _ => throw new InvalidOperationException("who\nknows."), TimeSpan.FromSeconds(3)),
            time,
            Stop
        );
        Assert.Equal(("check_failed", Health.Bad), (thrown[0].Code, thrown[0].Health));
        Assert.Equal("could not be looked at, so nobody knows: InvalidOperationException: who knows.", thrown[0].Says(Wording.English));

        var endless = new TaskCompletionSource<IReadOnlyList<Finding>>();
        var running = BoundedCheck.RunAsync(new("deaf", _ => endless.Task, TimeSpan.FromSeconds(3)), time, Stop);
        time.Advance(TimeSpan.FromSeconds(5));
        var late = Assert.Single(await running);
        Assert.Equal(("check_late", "deaf", TimeSpan.FromSeconds(5)), (late.Code, late.About, late.Took));
    }
}
