namespace Reminders.Kinds;

/// <summary>A kind that the app declares in code.</summary>
internal sealed record KindInCode(string Name, Action<KindDefinition> Declare);
