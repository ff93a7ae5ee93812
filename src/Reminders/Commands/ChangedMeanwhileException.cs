namespace Reminders.Commands;

/// <summary>What a command is about is not as its caller saw it (<see cref="Caller.SeenRevision"/>). Nothing was done.</summary>
public sealed class ChangedMeanwhileException() : Exception("It was changed meanwhile, so nothing was done: look at it as it is now.");
