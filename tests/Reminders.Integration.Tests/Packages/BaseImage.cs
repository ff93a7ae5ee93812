using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Reminders.Lab.Simulation;

namespace Reminders.Integration.Tests.Packages;

/// <summary>A registry on the loopback with one image in it, which has an empty folder and a user who is not root.</summary>
internal sealed class BaseImage : IAsyncDisposable
{
    public const string User = "1654";

    private const string Docker = "application/vnd.docker";

    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly byte[] _manifest;
    private readonly SimulatorServer _server;

    private BaseImage()
    {
        var tar = Tar();
        var (config, layer) = (Keep(Config(tar)), Keep(Pack(tar)));
        _manifest = Json(
            new
            {
                schemaVersion = 2,
                mediaType = $"{Docker}.distribution.manifest.v2+json",
                config = Described($"{Docker}.container.image.v1+json", config),
                layers = new[] { Described($"{Docker}.image.rootfs.diff.tar.gzip", layer) },
            }
        );
        _server = new(port: 0, AnswerAsync);
    }

    /// <summary>What a build names it by.</summary>
    public string Name { get; private set; } = "";

    public static async Task<BaseImage> StartAsync()
    {
        var image = new BaseImage();
        var address = await image._server.StartAsync(TestContext.Current.CancellationToken);
        // By this name the SDK takes it without TLS.
        image.Name = $"localhost:{address.Port}/base:10";
        return image;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.Split('/');
        var (type, body) =
            path.Contains("manifests") ? ($"{Docker}.distribution.manifest.v2+json", _manifest)
            : _blobs.TryGetValue(path[^1], out var blob) ? ("application/octet-stream", blob)
            : ("application/json", Json(new { }));
        http.Response.Headers["Docker-Content-Digest"] = Digest(body);
        return SimulatorServer.WriteAsync(http, StatusCodes.Status200OK, type, HttpMethods.IsHead(http.Request.Method) ? [] : body);
    }

    private string Keep(byte[] blob)
    {
        var digest = Digest(blob);
        _blobs[digest] = blob;
        return digest;
    }

    private object Described(string mediaType, string digest) =>
        new
        {
            mediaType,
            size = _blobs[digest].Length,
            digest,
        };

    private static byte[] Config(byte[] tar) =>
        Json(
            new
            {
                architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
                os = "linux",
                config = new { User, Env = new[] { "PATH=/usr/bin", $"APP_UID={User}" } },
                rootfs = new { type = "layers", diff_ids = new[] { Digest(tar) } },
                history = new[] { new { created_by = "a test" } },
            }
        );

    private static byte[] Tar()
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "etc/"));
        }

        return bytes.ToArray();
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value);

    private static string Digest(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
