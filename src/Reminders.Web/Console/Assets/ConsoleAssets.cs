using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Reminders.Web.Console.Assets;

/// <summary>
/// The console's style, script and icon: in the assembly, under an address that says what is in them, and so kept for ever.
/// </summary>
internal static class ConsoleAssets
{
    private static readonly (string Name, string Type)[] Files =
    [
        ("console.css", "text/css; charset=utf-8"),
        ("console.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ];

    private static readonly FrozenDictionary<string, (byte[] Content, string Type)> ByAddress = Files
        .Select(file => (file.Name, Content: Read(file.Name), file.Type))
        .ToFrozenDictionary(file => Address(file.Name, file.Content), file => (file.Content, file.Type));

    private static readonly FrozenDictionary<string, string> Addresses = ByAddress.Keys.ToFrozenDictionary(address =>
        address[(address.IndexOf('/', StringComparison.Ordinal) + 1)..]
    );

    /// <summary>Below the console's prefix.</summary>
    public static string AddressOf(string name) => $"/assets/{Addresses[name]}";

    public static void MapAssets(this IEndpointRouteBuilder app) =>
        app.MapGet(
                "/assets/{hash}/{name}",
                (string hash, string name, HttpContext http) =>
                {
                    if (!ByAddress.TryGetValue($"{hash}/{name}", out var file))
                    {
                        return Results.NotFound();
                    }

                    http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                    return Results.Bytes(file.Content, file.Type);
                }
            )
            .AllowAnonymous();

    private static string Address(string name, byte[] content) =>
        $"{Base64Url.EncodeToString(SHA256.HashData(content).AsSpan(0, 9))}/{name}";

    private static byte[] Read(string name)
    {
        using var stream =
            typeof(ConsoleAssets).Assembly.GetManifestResourceStream($"Console/Assets/{name}")
            ?? throw new InvalidOperationException($"The assembly lacks {name}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return name.EndsWith(".js", StringComparison.Ordinal) ? WithoutRemarks(copy.ToArray()) : copy.ToArray();
    }

    /// <summary>A script as browsers need it: no line of it is only a remark, and none is indented.</summary>
    private static byte[] WithoutRemarks(byte[] script) =>
        Encoding.UTF8.GetBytes(
            string.Join(
                '\n',
                Encoding
                    .UTF8.GetString(script)
                    .Split('\n')
                    .Select(line => line.Trim())
                    .Where(line => !line.StartsWith("//", StringComparison.Ordinal))
            )
        );
}
