using System.Diagnostics;
using System.Xml.Linq;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Packages;

/// <summary>
/// An app of somebody else's, in a folder outside of this checkout: none of its props, pins and output folders are above it. It is built
/// as these tests were, and packages are made from what was built then.
/// </summary>
internal sealed class Consumer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reminders-consumer-").FullName;

    /// <summary>Of no build but this one, so that no package of another run is taken for ours.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    public string Feed => Path.Combine(_folder, "feed");

    private string App => Path.Combine(_folder, "app");

    public Task PackAsync() =>
        Dotnet.RunAsync(
            Repository.Root,
            [],
            [
                "pack",
                "Reminders.sln",
                "-c",
                Dotnet.Configuration,
                "--no-build",
                "-v",
                "quiet",
                "-nologo",
                $"-p:Version={Version}",
                "-o",
                Feed,
            ]
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
        Dotnet.RunAsync(
            App,
            ownPackages ? [("NUGET_PACKAGES", Path.Combine(_folder, "packages"))] : [],
            ["build", "-c", Dotnet.Configuration, "-v", "quiet", "-nologo", .. options]
        );

    /// <returns>What it said.</returns>
    public Task<string> RunAsync(string database, string server) =>
        Dotnet.RunAsync(
            App,
            [("Reminders__ConnectionString", database), ("REMINDERS_TEST_SERVER", server)],
            [Path.Combine(App, "bin", Dotnet.Configuration, "net10.0", "Consumer.dll")]
        );

    /// <summary>A .NET tool of the feed, in a folder of its own.</summary>
    public async Task<string> RunToolAsync(string package, string command, params string[] arguments)
    {
        var tools = Path.Combine(_folder, "tools");
        await Dotnet.RunAsync(
            App,
            [("NUGET_PACKAGES", Path.Combine(_folder, "packages"))],
            ["tool", "install", package, "--version", Version, "--tool-path", tools, "--source", Feed]
        );
        return await Dotnet.RunAsync(new ProcessStartInfo(Path.Combine(tools, command), arguments) { WorkingDirectory = App });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string OthersPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
