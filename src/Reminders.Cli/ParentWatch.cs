using System.CommandLine;

namespace Reminders.Cli;

/// <summary>A child whose parent died must not stay behind; a closed standard input is how it learns of it, on any system.</summary>
internal static class ParentWatch
{
    public static readonly Option<bool> Option = new("--until-stdin-closes")
    {
        Description = "Stop when standard input ends: for a parent process whose death must not leave this one behind.",
    };

    /// <summary>Calls <paramref name="gone"/> once, when standard input ends.</summary>
    public static void Start(Action gone)
    {
        // A thread of its own: reading a console or a pipe cannot be cancelled.
        var waiting = new Thread(() =>
        {
            while (Console.In.Read() >= 0) { }
            gone();
        })
        {
            IsBackground = true,
            Name = "parent",
        };
        waiting.Start();
    }

    /// <summary>Returns when told to stop: by Ctrl-C or a signal, or with <paramref name="withParent"/> by the parent's end.</summary>
    public static async Task UntilToldAsync(bool withParent, CancellationToken cancellationToken)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stop = cancellationToken.Register(() => told.TrySetResult());
        if (withParent)
        {
            Start(() => told.TrySetResult());
        }

        await told.Task;
    }
}
