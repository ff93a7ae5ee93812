using Reminders.Words;

namespace Reminders.Kinds;

/// <summary>A text cannot be written as it should be: <paramref name="why"/> is a reason (<see cref="Reasons"/>).</summary>
internal sealed class UnrenderableException(string why) : KeyNotFoundException(Wording.English.Reason(why))
{
    public string Why => why;
}
