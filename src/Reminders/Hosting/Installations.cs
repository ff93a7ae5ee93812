using System.Collections.Concurrent;
using Reminders.Settings;

namespace Reminders.Hosting;

/// <summary>
/// What the installations of one host have for themselves: a schema, a bot. That two would have one is a mistake in the settings, and a
/// quiet one: two nodes of one cluster that send each other's messages by other texts, or take each other's presses.
/// </summary>
internal sealed class Installations
{
    private readonly ConcurrentDictionary<string, string> _taken = new(StringComparer.Ordinal);

    /// <param name="what">Equal for two only where it is one thing.</param>
    /// <param name="holder">Whose it is to be, for people: "the installation 'tenant-a'".</param>
    /// <param name="setting">What it is set by, and to: the beginning of a sentence.</param>
    /// <param name="remedy">The end of that.</param>
    /// <exception cref="SettingsException">Another has it.</exception>
    public void Take(string what, string holder, string setting, string remedy)
    {
        if (_taken.GetOrAdd(what, holder) is var has && has != holder)
        {
            throw new SettingsException([$"{setting}, which {has} has in this process: {remedy}"]);
        }
    }
}
