using System.Diagnostics;

namespace Reminders.Testing.Postgres;

/// <summary>One run of an outside program: its exit code and everything it printed.</summary>
internal sealed record Command(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    public static async Task<Command> RunAsync(IReadOnlyList<string> words, TimeSpan limit, CancellationToken ct = default)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The caller's folder may be closed to the account that runs the server; then every child would fail.
            WorkingDirectory = "/",
        };
        // PGDATA, PGPORT and friends of the person at the keyboard must not steer a private cluster.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        // Messages are compared below (in English), and a locale the machine lacks makes initdb fail.
        start.Environment["LC_ALL"] = "C";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bounded.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bounded.Token);
            var errors = process.StandardError.ReadToEndAsync(bounded.Token);
            await process.WaitForExitAsync(bounded.Token);
            return new(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new LocalPostgresException($"`{string.Join(' ', words)}` did not finish within {limit.TotalSeconds:0} s.");
        }
    }

    public Command OrThrow(string doing) =>
        Succeeded ? this : throw new LocalPostgresException($"{doing} failed (exit code {ExitCode}): {Output}");
}
