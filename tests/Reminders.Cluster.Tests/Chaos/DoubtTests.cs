using Reminders.Lab.Chaos.Faults;

namespace Reminders.Cluster.Tests.Chaos;

/// <summary>Every doubt needs a fault of its own: what nothing caused is a bug.</summary>
public sealed class DoubtTests
{
    private readonly Records _records = new();

    [Fact]
    public void A_doubt_that_nothing_caused_is_named()
    {
        _records.Injected.Clear();

        Assert.StartsWith("CONFIRM_2H of Interview 2 v1: uncertain on chaos1-abc", Assert.Single(_records.Judge().Unexplained));
    }

    [Fact]
    public void One_injected_fault_explains_one_attempt()
    {
        _records.Attempts.Add(_records.Attempts.Single(attempt => attempt.MessageId == 22) with { Token = 2 });

        Assert.Single(_records.Judge().Unexplained);
    }

    /// <summary>Two messages to one chat at once, each with a fault of its own: the long attempt must not take the short one's.</summary>
    [Fact]
    public void Attempts_that_lasted_at_the_same_time_have_a_fault_each()
    {
        var index = _records.Attempts.FindIndex(attempt => attempt.MessageId == 22);
        var brief = _records.Attempts[index];
        var around = TimeSpan.FromSeconds(10);
        _records.Attempts.Insert(
            index,
            brief with
            {
                Token = 2,
                StartedAt = brief.StartedAt - around,
                SettledAt = brief.SettledAt + around,
            }
        );
        _records.Injected.Add(_records.Injected[0] with { At = _records.Injected[0].At + around });

        Assert.Empty(_records.Judge().Unexplained);
    }

    [Fact]
    public void A_fault_in_another_chat_or_at_another_time_explains_nothing()
    {
        _records.Injected[0] = _records.Injected[0] with { ChatId = 1 };
        _records.Injected.Add(_records.Injected[0] with { ChatId = 2, At = Records.At(50) });

        Assert.Single(_records.Judge().Unexplained);
    }

    [Theory]
    [InlineData("sigkill", "chaos1", 21, true)]
    [InlineData("sigkill", "chaos2", 21, false)]
    [InlineData("sigkill", "chaos1", 25, false)]
    [InlineData("pg-immediate", null, 21, true)]
    [InlineData("telegram", null, 21, false)]
    public void A_lost_lease_is_explained_by_what_was_done_to_its_node_while_it_lasted(string kind, string? node, int at, bool explained)
    {
        LoseTheLease(kind, node, at, "lease lost");

        Assert.Equal(explained ? 0 : 1, _records.Judge().Unexplained.Count);
    }

    [Fact]
    public void What_was_done_to_the_database_does_not_explain_that_Telegram_kept_silent()
    {
        LoseTheLease("pg-immediate", null, 21, "uncertain");

        Assert.Single(_records.Judge().Unexplained);
    }

    private void LoseTheLease(string kind, string? node, int at, string outcome)
    {
        _records.Injected.Clear();
        var index = _records.Attempts.FindIndex(attempt => attempt.MessageId == 22);
        _records.Attempts[index] = _records.Attempts[index] with { Outcome = outcome };
        _records.Faults.Add(new FaultEntry(kind, node, Records.At(at), Records.At(at), ""));
    }
}
