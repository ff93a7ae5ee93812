using Reminders.Inbound;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>Whether answers get here: in the providers' last word, and in how long what came waits to be handled.</summary>
internal static class SourceChecks
{
    // Longer than any interval a node may be set to ask in.
    private static readonly TimeSpan Silent = TimeSpan.FromMinutes(15);

    public static async Task<IReadOnlyList<Finding>> LookAsync(Database database, CancellationToken cancellationToken)
    {
        const string code = "update_source";
        var states = await SourceState.ReadAsync(database, cancellationToken);
        return
        [
            .. from state in states
            let wrong = state.Wrong(state.SinceChecked is null ? null : Silent)
            select wrong is null
                ? Finding.Good(code, "updates", new("found.source", state.Name, state.Right()))
                : Finding.Attention(code, "updates", new("found.source", state.Name, wrong), new("fix.source")),
        ];
    }
}
