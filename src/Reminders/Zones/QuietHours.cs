namespace Reminders.Zones;

/// <summary>The local times, in a person's own zone, between which nothing new is sent unless it could not wait. May span
/// midnight.</summary>
public sealed record QuietHours(TimeOnly From, TimeOnly To);
