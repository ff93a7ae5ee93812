namespace Reminders.Settings;

/// <summary>A setting is missing or wrong. The message has one line per setting, which names it and what it should be.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>One line per setting.</summary>
    public IReadOnlyList<string> Problems => problems;
}
