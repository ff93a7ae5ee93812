namespace Reminders.Integration.Tests.Crashes;

/// <summary>
/// The server outlives the node's session, ends the statement it had, and may commit it. Where the rest of a transaction was still to
/// come from the node, that ends in a rollback too.
/// </summary>
public sealed class KilledAndCommitted(Postgres postgres) : KilledNode(postgres)
{
    [Theory]
    [InlineData("the approval's commit")]
    [InlineData("the firing")]
    [InlineData("the outbox")]
    [InlineData("the claim")]
    [InlineData("the start")]
    [InlineData("the take")]
    [InlineData("the outcome")]
    public Task The_reminder_is_sent_once_or_held_in_sight(string name) => IsSentOnceOrHeldInSightAsync(name, cut: false);
}
