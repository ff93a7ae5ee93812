namespace Reminders.Zones;

/// <summary>This node cannot tell what a clock shows in that zone. A time is then told by nobody, rather than guessed in UTC.</summary>
internal sealed class UnknownZoneException(string zone) : Exception($"this node does not know the time zone '{zone}'")
{
    public string Zone => zone;
}
