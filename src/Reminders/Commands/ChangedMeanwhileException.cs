namespace Reminders.Commands;

/// <summary>What a command is about is not as its caller saw it (<see cref="Caller.SeenRevision"/>). Nothing was done.</summary>
/// <param name="about">What that is, as the audit calls it: <c>booking 7c1…</c>.</param>
public sealed class ChangedMeanwhileException(string about)
    : Exception("It was changed meanwhile, so nothing was done: look at it as it is now.")
{
    /// <summary>What was changed, as the audit calls it.</summary>
    public string About { get; } = about;
}
