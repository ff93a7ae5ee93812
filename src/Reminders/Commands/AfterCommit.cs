using Microsoft.Extensions.Logging;

namespace Reminders.Commands;

/// <summary>
/// What a command wants done once its transaction has committed: ensuring triggers, waking a loop. Nothing in here
/// may be needed for correctness, because a crash between the commit and this loses it; the reconciler heals it.
/// </summary>
internal sealed partial class AfterCommit(ILogger<AfterCommit> logger)
{
    private readonly List<Func<CancellationToken, Task>> _actions = [];

    public void Add(Func<CancellationToken, Task> action) => _actions.Add(action);

    /// <summary>Forgets what a rolled-back attempt asked for.</summary>
    public void Clear() => _actions.Clear();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var action in _actions.ToArray())
        {
            try
            {
                await action(cancellationToken);
            }
            catch (Exception exception)
            {
                // The command is committed and must not look failed: its caller would do it again.
                LogLeftToReconciler(exception);
            }
        }
        _actions.Clear();
    }

    [LoggerMessage(1002, LogLevel.Warning, "What follows a commit failed and is left to the reconciler")]
    private partial void LogLeftToReconciler(Exception exception);
}
