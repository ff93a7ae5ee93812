using System.Globalization;
using System.Text.RegularExpressions;

namespace Reminders.Testing.Postgres;

/// <summary>An installed PostgreSQL: the folder that holds initdb, pg_ctl and postgres, and its major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest version the engine is tested on.</summary>
    public const int Oldest = 15;

    // Which of several a run is for, such as ./dev test --postgres 18: without it, never another one in silence.
    private const string Wanted = "REMINDERS_POSTGRES";

    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <param name="major">The version the data was made by, which only the same version can open; null: the one that is asked for, else
    /// the newest.</param>
    public static async Task<PostgresBinaries> FindAsync(int? major, CancellationToken ct)
    {
        var asked = major is null && Environment.GetEnvironmentVariable(Wanted) is { Length: > 0 } given ? given : null;
        if (asked is not null)
        {
            major = int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new LocalPostgresException($"{Wanted} is '{asked}': it should be a major version, such as 18.");
        }

        var found = new List<PostgresBinaries>();
        foreach (var folder in await CandidatesAsync(ct))
        {
            var version = await Command.RunAsync([Path.Combine(folder, "postgres"), "--version"], TimeSpan.FromSeconds(10), ct);
            if (VersionText().Match(version.Output) is { Success: true } match)
            {
                found.Add(new(folder, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
            }
        }

        var usable = found.Where(b => b.Major >= Oldest && (major is null || b.Major == major)).MaxBy(b => b.Major);
        if (usable is not null)
        {
            return usable;
        }

        var seen = found.Count == 0 ? "" : $" (found: {string.Join(", ", found.Select(b => $"{b.Major} in {b.Folder}"))})";
        throw new LocalPostgresException(
            asked is not null ? $"{Wanted} is {asked}, and that PostgreSQL is not installed{seen}."
            : major is null ? $"PostgreSQL {Oldest} or newer is not installed{seen}: run ./dev setup or apt-get install postgresql."
            : $"The data was made by PostgreSQL {major}, which is not installed{seen}: install it, or delete the "
                + "data folder "
                + "to start afresh."
        );
    }

    private static async Task<IReadOnlyList<string>> CandidatesAsync(CancellationToken ct)
    {
        var folders = new List<string>();
        folders.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
        if (folders.Select(f => Path.Combine(f, "pg_config")).FirstOrDefault(File.Exists) is { } config)
        {
            folders.Add((await Command.RunAsync([config, "--bindir"], TimeSpan.FromSeconds(10), ct)).Output);
        }
        // Debian and Ubuntu keep the server's programs off the PATH, one folder per major version.
        const string debian = "/usr/lib/postgresql";
        if (Directory.Exists(debian))
        {
            folders.AddRange(Directory.GetDirectories(debian).Select(v => Path.Combine(v, "bin")));
        }

        return [.. folders.Distinct().Where(f => new[] { "initdb", "pg_ctl", "postgres" }.All(p => File.Exists(Path.Combine(f, p))))];
    }

    [GeneratedRegex(@"PostgreSQL\) (\d+)")]
    private static partial Regex VersionText();
}
