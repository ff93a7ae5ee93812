using Reminders.Settings;

namespace Reminders.Cli.Serving;

/// <summary>How a node of <c>serve</c> ends, section <c>Serve</c>.</summary>
public sealed class ServeOptions
{
    /// <summary>The longest drain that can be set.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>
    /// For how long a node that is told to end goes on as before, while <c>/health/ready</c> says that it is failing: as long as
    /// whatever sends it requests needs to see that. Then it closes its port, ends what is in flight and goes, within 20 seconds more. 0
    /// to 10 minutes. Default 0: where nothing stands before a node, there is nothing to wait for.
    /// </summary>
    public TimeSpan Drain { get; set; }

    /// <exception cref="SettingsException">The drain is out of bounds.</exception>
    internal TimeSpan ReadDrain() =>
        Drain >= TimeSpan.Zero && Drain <= Longest
            ? Drain
            : throw new SettingsException([$"Serve:Drain is '{Drain}': it should be 0 to {Longest} (environment: Serve__Drain)."]);
}
