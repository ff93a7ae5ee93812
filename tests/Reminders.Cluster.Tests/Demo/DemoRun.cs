using System.Diagnostics;
using System.Text.Json;

namespace Reminders.Cluster.Tests.Demo;

/// <summary>One run of <c>demo --once --json</c> as a person's terminal would start it, in a folder of its own.</summary>
internal sealed record DemoRun(int ExitCode, JsonElement Verdict, string Story)
{
    // What the issue gives it; a test machine is often busier than a person's.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public JsonElement Act(string name) =>
        Verdict.GetProperty("acts").EnumerateArray().Single(act => act.GetProperty("name").GetString() == name);

    public static async Task<DemoRun> PlayAsync(params string[] options)
    {
        // Under /tmp, where the account that runs PostgreSQL can pass, and not in a private temporary folder, where it cannot.
        var folder = Path.Combine(Path.GetTempPath(), $"reminders-demo-{Guid.NewGuid():N}"[..28]);
        Directory.CreateDirectory(folder);
        try
        {
            return await RunAsync(folder, options);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<DemoRun> RunAsync(string folder, string[] options)
    {
        // The program is beside the tests, in the configuration the tests were built in.
        var program = Path.Combine(AppContext.BaseDirectory, "Reminders.Lab.dll");
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [program, "demo", "--once", "--json", .. options])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var story = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            // Its nodes end with it.
            process.Kill();
            throw;
        }
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 0, await story);
        return new(process.ExitCode, JsonDocument.Parse(lines[^1]).RootElement, await story);
    }
}
