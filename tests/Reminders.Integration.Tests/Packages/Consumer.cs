using System.Diagnostics;
using System.Reflection;
using System.Xml.Linq;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Packages;

/// <summary>
/// An app of somebody else's, in a folder outside of this checkout: none of its props, pins and output folders are above it. It is built
/// as these tests were, and packages are made from what was built then.
/// </summary>
internal sealed class Consumer : IDisposable
{
    private static readonly string Configuration = typeof(Consumer)
        .Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!
        .Configuration;

    private readonly string _folder = Directory.CreateTempSubdirectory("reminders-consumer-").FullName;

    /// <summary>Of no build but this one, so that no package of another run is taken for ours.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    public string Feed => Path.Combine(_folder, "feed");

    private string App => Path.Combine(_folder, "app");

    public Task PackAsync() =>
        DotnetAsync(
            Repository.Root,
            [],
            ["pack", "Reminders.sln", "-c", Configuration, "--no-build", "-v", "quiet", "-nologo", $"-p:Version={Version}", "-o", Feed]
        );

    /// <param name="references">Lines of its project.</param>
    public void Write(params IEnumerable<XElement> references)
    {
        Directory.CreateDirectory(App);
        File.Copy(Repository.PathOf("tests/Reminders.Integration.Tests/Packages/Consumer/Program.cs"), Path.Combine(App, "Program.cs"));
        new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk.Web"),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", "net10.0"),
                new XElement("ImplicitUsings", "enable"),
                new XElement("Nullable", "enable"),
                new XElement("TreatWarningsAsErrors", "true")
            ),
            new XElement("ItemGroup", references)
        ).Save(Path.Combine(App, "Consumer.csproj"));
        // Beside the feeds that the machine has. What others made is read from where these tests had it from; ours is unpacked here.
        new XElement(
            "configuration",
            new XElement(
                "packageSources",
                new XElement("add", new XAttribute("key", "ours"), new XAttribute("value", Directory.CreateDirectory(Feed).FullName))
            ),
            new XElement(
                "fallbackPackageFolders",
                new XElement("add", new XAttribute("key", "others"), new XAttribute("value", OthersPackages))
            )
        ).Save(Path.Combine(App, "nuget.config"));
    }

    /// <param name="options">More for the build.</param>
    public Task<string> BuildAsync(bool ownPackages, params string[] options) =>
        DotnetAsync(
            App,
            ownPackages ? [("NUGET_PACKAGES", Path.Combine(_folder, "packages"))] : [],
            ["build", "-c", Configuration, "-v", "quiet", "-nologo", .. options]
        );

    /// <returns>What it said.</returns>
    public Task<string> RunAsync(string database, string server) =>
        DotnetAsync(
            App,
            [("Reminders__ConnectionString", database), ("REMINDERS_TEST_SERVER", server)],
            [Path.Combine(App, "bin", Configuration, "net10.0", "Consumer.dll")]
        );

    /// <summary>A .NET tool of the feed, in a folder of its own.</summary>
    public async Task<string> RunToolAsync(string package, string command, params string[] arguments)
    {
        var tools = Path.Combine(_folder, "tools");
        await DotnetAsync(
            App,
            [("NUGET_PACKAGES", Path.Combine(_folder, "packages"))],
            ["tool", "install", package, "--version", Version, "--tool-path", tools, "--source", Feed]
        );
        return await RunAsync(new ProcessStartInfo(Path.Combine(tools, command), arguments) { WorkingDirectory = App });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string OthersPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static Task<string> DotnetAsync(string folder, (string Name, string Value)[] environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        // The test host's own, which would go before what the app is told; and a build server would outlive the test.
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        return RunAsync(start);
    }

    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        try
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            bound.CancelAfter(TimeSpan.FromMinutes(5));
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(bound.Token), process.StandardError.ReadToEndAsync(bound.Token));
            await process.WaitForExitAsync(bound.Token);
            var said = await output + await errors;
            Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}\n{said}");
            return said;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
