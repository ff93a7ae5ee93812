using System.Text.Json;

namespace Reminders.Inbound;

/// <summary>Knows what the updates of one source call for. Scoped: it works in the transaction that took the update.</summary>
internal interface IUpdateReader
{
    /// <summary>As <see cref="UpdateStore"/> keeps it: the name of the channel whose provider sends them.</summary>
    string Source { get; }

    Task<HandledUpdate> HandleAsync(string providerId, JsonElement json, CancellationToken cancellationToken);
}

/// <summary>A source whose provider a node asks again and again: how long its last word may be old.</summary>
internal sealed record AskedSource(string Name, TimeSpan Bound);
