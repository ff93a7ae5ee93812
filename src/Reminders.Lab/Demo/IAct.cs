namespace Reminders.Lab.Demo;

/// <summary>One incident of the past, played so that it would happen again if it could.</summary>
internal interface IAct
{
    /// <summary>Its name in the verdict, for programs.</summary>
    string Name { get; }

    /// <summary>Its name in the story, for people.</summary>
    string Title { get; }

    Task<ActResult> RunAsync(DemoStage stage, Narrator narrator, CancellationToken cancellationToken);
}

/// <summary>What came of an act. Everything but the last four numbers is counted from what arrived at the recipients.</summary>
/// <param name="Due">Reminders somebody was to get.</param>
/// <param name="Delivered">Reminders that arrived, each counted once.</param>
/// <param name="Duplicates">Arrivals beyond the one there should be, the ones nobody should have got included.</param>
/// <param name="Lost">Reminders that neither arrived nor are held for a person to decide.</param>
/// <param name="Suppressed">Second requests for a reminder, which the engine refused to obey.</param>
/// <param name="Held">Messages of which the engine says that it cannot know whether they arrived: those in doubt less the settled
/// ones.</param>
/// <param name="InDoubt">Messages whose sender never knew: the reply was dropped, or the node killed before it could write it down.</param>
/// <param name="SettledByPress">Of those, the ones a press has proved to be there.</param>
/// <param name="Problems">What was not as it should be, in words; empty when all is well.</param>
internal sealed record ActResult(
    string Name,
    int Due,
    int Delivered,
    int Duplicates,
    int Lost,
    int Suppressed,
    int Held,
    int InDoubt,
    int SettledByPress,
    IReadOnlyList<string> Problems
)
{
    public bool Ok => Problems.Count == 0;
}
