using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Packages;

/// <summary>
/// The image as deploy/README.md has it made, without a container engine. Alone: the SDK takes what was built before.
/// </summary>
[Collection(nameof(Alone))]
public sealed class Images(Postgres postgres)
{
    [Fact]
    public async Task The_archive_has_the_program_which_serves_and_is_not_root()
    {
        var folder = Directory.CreateTempSubdirectory("reminders-image-").FullName;
        var archive = Path.Combine(folder, "reminders.tar");
        await using var under = await BaseImage.StartAsync();
        await Dotnet.RunAsync(
            Repository.Root,
            [],
            [
                "publish",
                "src/Reminders.Cli",
                "-c",
                Dotnet.Configuration,
                "--no-build",
                "-v",
                "quiet",
                "-nologo",
                "/t:PublishContainer",
                $"-p:PublishDir={Path.Combine(folder, "published")}/",
                $"-p:ContainerArchiveOutputPath={archive}",
                $"-p:ContainerBaseImage={under.Name}",
            ]
        );

        var unpacked = await UnpackAsync(archive, Path.Combine(folder, "image"));
        var manifest = Read(Path.Combine(unpacked, "manifest.json"))[0]!;
        Assert.StartsWith("reminders:", (string?)manifest["RepoTags"]![0], StringComparison.Ordinal);
        var config = Read(Path.Combine(unpacked, (string)manifest["Config"]!))["config"]!;
        Assert.Equal(
            """["dotnet","/app/Reminders.Cli.dll"] ["serve","--urls","http://0.0.0.0:5080"] {"5080/tcp":{}}""",
            $"{config["Entrypoint"]!.ToJsonString()} {config["Cmd"]!.ToJsonString()} {config["ExposedPorts"]!.ToJsonString()}"
        );
        Assert.Equal(("/app/", BaseImage.User), ((string?)config["WorkingDir"], (string?)config["User"]));

        var root = await UnpackAsync(Path.Combine(unpacked, (string)manifest["Layers"]!.AsArray()[^1]!), Path.Combine(folder, "root"));
        Assert.Empty(Directory.EnumerateFiles(root, "appsettings*.json", SearchOption.AllDirectories));
        var said = await Dotnet.RunAsync(
            folder,
            [("ConnectionString", await postgres.CreateEmptyDatabaseAsync())],
            [root + (string)config["Entrypoint"]![1]!, "migrate"]
        );
        Assert.Contains("The schema is up to date.", said, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> UnpackAsync(string archive, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var file = File.OpenRead(archive);
        // A layer is packed, whatever it is called.
        await using Stream tar = Path.GetFileName(archive) == "layer.tar" ? new GZipStream(file, CompressionMode.Decompress) : file;
        await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: false, TestContext.Current.CancellationToken);
        return folder;
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(file))!;
}
