using Reminders.Outbox.Operators;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>Which kinds somebody has paused, and may have forgotten.</summary>
internal static class KindChecks
{
    public static async Task<IReadOnlyList<Finding>> LookAsync(Database database, CancellationToken cancellationToken)
    {
        var paused = await KindBoard.PausedAsync(database.CreateCommand, cancellationToken);
        return paused.Count > 0 ? [.. paused.Select(Of)] : [Finding.Good("kind_paused", "kind", new("found.kinds_open"))];
    }

    private static Finding Of(KindStatus kind) =>
        Finding.Attention(
            "kind_paused",
            "kind",
            new("found.kind_paused", kind.Name, kind.Stands),
            Fix.ByCommand(new("fix.kind"), $"kinds resume {kind.Name} --reason \"it is mended\"")
        ) with
        {
            Since = kind.Since,
        };
}
