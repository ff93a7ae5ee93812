using Reminders.Inbound;
using Reminders.Storage;

namespace Reminders.Cli.Doctor;

/// <summary>Whether answers get here, in the providers' last word.</summary>
internal static class SourceChecks
{
    // Longer than any interval a node may be set to ask in.
    private static readonly TimeSpan Silent = TimeSpan.FromMinutes(15);

    public static async Task<IReadOnlyList<Finding>> LookAsync(Database database, CancellationToken cancellationToken)
    {
        var states = await SourceState.ReadAsync(database, cancellationToken);
        return
        [
            .. from state in states
            let wrong = state.Wrong(state.SinceChecked is null ? null : Silent)
            select wrong is null
                ? Finding.Good("updates", $"{state.Name}: {state.Right()}.")
                : Finding.Attention("updates", $"{state.Name}: {wrong}."),
        ];
    }
}
