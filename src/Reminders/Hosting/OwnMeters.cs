using System.Diagnostics.Metrics;
using Reminders.Settings;

namespace Reminders.Hosting;

/// <summary>
/// Makes the meters of one installation, with its name as their tag: <c>Reminders</c> of one and of another are two, to whoever listens to
/// the process.
/// </summary>
internal sealed class OwnMeters(InstallationName installation) : IMeterFactory
{
    public const string Tag = "reminders.installation";

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, string? Version), Meter> _made = [];

    public Meter Create(MeterOptions options)
    {
        lock (_gate)
        {
            if (!_made.TryGetValue((options.Name, options.Version), out var meter))
            {
                // This scope, and not another's, so that the installation's own exporter can tell which are its own.
                meter = new Meter(options.Name, options.Version, [.. options.Tags ?? [], .. Tags()], scope: this);
                _made.Add((options.Name, options.Version), meter);
            }

            return meter;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var meter in _made.Values)
            {
                meter.Dispose();
            }
        }
    }

    private KeyValuePair<string, object?>[] Tags() => installation.IsNamed ? [new(Tag, installation.Value)] : [];
}
