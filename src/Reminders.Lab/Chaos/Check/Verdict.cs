namespace Reminders.Lab.Chaos.Check;

/// <summary>What the checker found, each finding by name.</summary>
/// <param name="Occurrences">Lines of the ledger that were due.</param>
/// <param name="Delivered">Messages in Telegram's record that belong to one of them.</param>
/// <param name="Twice">Messages too many: told before, or nobody's.</param>
/// <param name="Lost">What should have been told or handled, and neither was, nor is held, nor has a reason that holds.</param>
/// <param name="Stuck">What is due and was moved by nobody in the time to settle.</param>
/// <param name="Stale">Sends of what had been changed, to the workload's knowledge, before they began.</param>
/// <param name="Late">
/// Messages that arrived after their node had lost them, as one does that was stopped with the request half out. Not
/// wrong, for nobody sent them again; but the fewer the better.
/// </param>
/// <param name="DoubtsByCause">Attempts whose outcome nobody can know, counted by what caused that.</param>
/// <param name="Unexplained">Doubts that no fault accounts for.</param>
internal sealed record Verdict(
    int Occurrences,
    int Delivered,
    IReadOnlyList<string> Twice,
    IReadOnlyList<string> Lost,
    IReadOnlyList<string> Stuck,
    IReadOnlyList<string> Stale,
    IReadOnlyList<string> Late,
    IReadOnlyDictionary<string, int> DoubtsByCause,
    IReadOnlyList<string> Unexplained
)
{
    public int Doubts => DoubtsByCause.Values.Sum();

    public bool Ok => Twice.Count + Lost.Count + Stuck.Count + Stale.Count + Unexplained.Count == 0;

    /// <summary>Every finding, with what it is.</summary>
    public IEnumerable<(string What, string Name)> Findings =>
        Twice
            .Select(name => ("twice", name))
            .Concat(Lost.Select(name => ("lost", name)))
            .Concat(Stuck.Select(name => ("stuck", name)))
            .Concat(Stale.Select(name => ("stale", name)))
            .Concat(Unexplained.Select(name => ("unexplained", name)));
}
