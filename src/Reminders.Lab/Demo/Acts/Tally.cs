namespace Reminders.Lab.Demo.Acts;

/// <summary>Counts what arrived against what should have, one recipient after another.</summary>
internal sealed class Tally
{
    private readonly List<string> _problems = [];
    private int _due;
    private int _duplicates;
    private int _lost;

    public int Delivered { get; private set; }

    /// <param name="what">Whose, in words.</param>
    public void Count(string what, int expected, int arrived)
    {
        _due += expected;
        Delivered += Math.Min(expected, arrived);
        _duplicates += Math.Max(0, arrived - expected);
        _lost += Math.Max(0, expected - arrived);
        Check(arrived == expected, $"{what}: {arrived} arrived instead of {expected}.");
    }

    public void Check(bool holds, string problem)
    {
        if (!holds)
        {
            _problems.Add(problem);
        }
    }

    public ActResult Result(string act, int suppressed, int held = 0, int inDoubt = 0) =>
        new(act, _due, Delivered, _duplicates, _lost, suppressed, held, inDoubt, 0, _problems);
}
