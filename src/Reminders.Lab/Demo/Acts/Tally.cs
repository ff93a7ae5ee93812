namespace Reminders.Lab.Demo.Acts;

/// <summary>Counts what arrived against what should have, one recipient after another.</summary>
internal sealed class Tally
{
    private readonly List<string> problems = [];
    private int due;
    private int duplicates;
    private int lost;

    public int Delivered { get; private set; }

    /// <param name="what">Whose, in words.</param>
    public void Count(string what, int expected, int arrived)
    {
        due += expected;
        Delivered += Math.Min(expected, arrived);
        duplicates += Math.Max(0, arrived - expected);
        lost += Math.Max(0, expected - arrived);
        Check(arrived == expected, $"{what}: {arrived} arrived instead of {expected}.");
    }

    public void Check(bool holds, string problem)
    {
        if (!holds)
            problems.Add(problem);
    }

    public ActResult Result(string act, int suppressed, int held = 0, int inDoubt = 0) =>
        new(act, due, Delivered, duplicates, lost, suppressed, held, inDoubt, 0, problems);
}
