namespace Reminders.Outbox;

/// <summary>A channel that this cluster has a sender for. A message for any other would wait for ever.</summary>
internal sealed record ServedChannel(string Name);
