using System.IO.Compression;
using System.Xml.Linq;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Packages;

/// <summary>
/// An app with nothing of this repository above it runs, from packages and from projects. Alone: it builds, and is as slow as that.
/// </summary>
[Collection(nameof(Alone))]
public sealed class Consumers(Postgres postgres)
{
    private static readonly string[] Libraries =
    [
        "Reminders",
        "Reminders.Email",
        "Reminders.Telegram",
        "Reminders.Testing",
        "Reminders.Web",
        "Reminders.WhatsApp",
    ];

    [Fact]
    public async Task An_app_with_the_packages_sends_a_message_and_tests_itself()
    {
        using var consumer = new Consumer();
        await consumer.PackAsync();
        Assert.Equal(
            [.. Libraries.Append("Reminders.Cli").Order(StringComparer.Ordinal)],
            Directory
                .EnumerateFiles(consumer.Feed)
                .Select(file => Path.GetFileName(file).Replace($".{consumer.Version}.nupkg", ""))
                .Order(StringComparer.Ordinal)
        );
        foreach (var package in Libraries)
        {
            IsComplete(consumer, package);
        }

        consumer.Write(References("PackageReference", name => name, new XAttribute("Version", consumer.Version)));
        await consumer.BuildAsync(ownPackages: true);
        await RunsAsync(consumer);
        Assert.Contains("dedupe", await consumer.RunToolAsync("Reminders.Cli", "reminders", "--help"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_refers_to_the_projects_does_too_without_our_pins()
    {
        using var consumer = new Consumer();
        consumer.Write(References("ProjectReference", name => Repository.PathOf("src", name, $"{name}.csproj")));
        // They are built, and beside this test nobody may build them anew.
        await consumer.BuildAsync(ownPackages: false, "-p:BuildProjectReferences=false", "-p:RestoreRecursive=false");
        await RunsAsync(consumer);
    }

    private static IEnumerable<XElement> References(string element, Func<string, string> include, params XAttribute[] more) =>
        new[] { "Reminders.Web", "Reminders.Email", "Reminders.Testing" }.Select(name => new XElement(
            element,
            new XAttribute("Include", include(name)),
            more
        ));

    private async Task RunsAsync(Consumer consumer)
    {
        var server = await postgres.ServerAsync();
        var said = await consumer.RunAsync(await postgres.CreateEmptyDatabaseAsync(), server.ConnectionString);
        Assert.Equal(
            """
            planned: 1, suppressed: 0
            planned: 0, suppressed: 1
            sent: Welcome, Example Ltd! to shelf 7
            openapi: 3.1.1
            health: 200
            papers: 1
            test host: CONFIRM_2H
            """,
            said.Trim().ReplaceLineEndings("\n")
        );
    }

    private static void IsComplete(Consumer consumer, string package)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(consumer.Feed, $"{package}.{consumer.Version}.nupkg"));
        var files = zip.Entries.Select(entry => entry.FullName).ToHashSet();
        using var nuspec = zip.GetEntry($"{package}.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        string Said(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
        Assert.Equal("MIT", Said("license"));
        Assert.All(["authors", "description", "tags"], name => Assert.NotEqual("", Said(name)));
        Assert.DoesNotContain("Package Description", Said("description"), StringComparison.Ordinal);
        Assert.All(
            ["LICENSE", Said("icon"), Said("readme"), $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"],
            file => Assert.Contains(file, files)
        );
        // A file beside the program is what a package cannot have.
        Assert.DoesNotContain(files, file => file.StartsWith("content", StringComparison.Ordinal));
        // Each at the version it was compiled with, or the first call of it fails.
        Assert.All(
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency" && Is(element, "Reminders")),
            element => Assert.Equal(consumer.Version, element.Attribute("version")!.Value)
        );
        Assert.Contains(
            metadata.Descendants(),
            element => element.Name.LocalName == "dependency" && Is(element, "Microsoft.EntityFrameworkCore.Relational")
        );
    }

    private static bool Is(XElement dependency, string name) =>
        dependency.Attribute("id")!.Value is var id && (id == name || id.StartsWith(name + ".", StringComparison.Ordinal));
}
