namespace Reminders.Integration.Tests.Crashes;

/// <summary>The session dies with its node: what it was about to write is rolled back.</summary>
public sealed class KilledWhileWriting(Postgres postgres) : KilledNode(postgres)
{
    public static TheoryData<string> Points => [.. CrashPoint.All.Select(point => point.Name)];

    [Theory]
    [MemberData(nameof(Points))]
    public Task The_reminder_is_sent_once_or_held_in_sight(string name) => IsSentOnceOrHeldInSightAsync(name, cut: true);
}
