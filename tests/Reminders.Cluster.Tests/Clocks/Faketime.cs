using System.Globalization;

namespace Reminders.Cluster.Tests.Clocks;

/// <summary>
/// What makes one process see a wrong wall clock: Debian's libfaketime, loaded before everything else. Its stopwatch stays
/// right, as on a machine whose time was set wrongly; without that .NET's waits would be off too.
/// </summary>
internal static class Faketime
{
    /// <summary>The same settings and a clock that is off by so many seconds.</summary>
    public static Dictionary<string, string> Off(this IReadOnlyDictionary<string, string> environment, int seconds) =>
        new(environment)
        {
            ["LD_PRELOAD"] = Library(),
            ["FAKETIME"] = seconds.ToString("+0;-0", CultureInfo.InvariantCulture),
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };

    // As ./dev looks for it. MT: a node has many threads.
    private static string Library() =>
        Directory
            .EnumerateDirectories("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "This test gives a node a wrong clock and needs libfaketimeMT.so.1 for it: apt-get install faketime, or ./dev setup test."
        );
}
