using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Web.Console;
using Reminders.Web.Console.Accounts;

namespace Reminders.Lab.Bench;

/// <param name="Bytes">As they came.</param>
/// <param name="Gzip">As a proxy would send them on, where they came plain.</param>
internal sealed record PageReply(HttpStatusCode Status, TimeSpan Took, int Bytes, int Gzip);

/// <summary>A browser, as far as it matters here: cookies, and how long it waits for the last byte of an answer.</summary>
internal sealed partial class PageVisitor : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public PageVisitor(Uri node, TimeProvider time)
    {
        _time = time;
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = node,
        };
        _http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
    }

    /// <summary>Somebody new in that role, who looks at the first node.</summary>
    public static async Task<PageVisitor> JoinAsync(
        BenchCluster cluster,
        ConsoleRole role,
        string? recruiter,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var invited = await new ConsoleAccounts(new Database(cluster.Database)).InviteAsync(role, recruiter, "bench", cancellationToken);
        var visitor = new PageVisitor(cluster.Nodes[0].Address, time);
        await visitor.JoinAsync(((Outcome<string>.Done)invited).Value, $"{role}-{Guid.NewGuid():N}", cancellationToken);
        return visitor;
    }

    /// <summary>Makes an account by an invitation's code, and is it from then on.</summary>
    private async Task JoinAsync(string code, string login, CancellationToken cancellationToken)
    {
        var path = $"/console/join?code={code}";
        var page = await TextAsync(path, cancellationToken);
        var fields = new Dictionary<string, string>();
        // Whatever is hidden in one of its forms: the others' tokens are as good.
        foreach (var field in Field().Matches(page).Cast<Match>())
        {
            fields[field.Groups[1].Value] = WebUtility.HtmlDecode(field.Groups[2].Value);
        }

        (fields["code"], fields["login"], fields["password"]) = (code, login, $"{login} has a long password");
        using var form = new FormUrlEncodedContent(fields);
        using var reply = await _http.PostAsync(new Uri("/console/join", UriKind.Relative), form, cancellationToken);
        if (reply.StatusCode != HttpStatusCode.SeeOther)
        {
            throw new InvalidOperationException($"Joining as {login} answered {(int)reply.StatusCode}.");
        }
    }

    public void UseKey(string key) => _http.DefaultRequestHeaders.Authorization = new("Bearer", key);

    /// <param name="isPart">What has changed of a page that is open, as its script asks for it.</param>
    public async Task<PageReply> GetAsync(string path, CancellationToken cancellationToken, bool isPart = false)
    {
        var began = _time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (isPart)
        {
            request.Headers.Add(ConsolePages.PartHeader, "main");
        }

        using var reply = await _http.SendAsync(request, cancellationToken);
        var content = await reply.Content.ReadAsByteArrayAsync(cancellationToken);
        var took = _time.GetElapsedTime(began);
        return new(
            reply.StatusCode,
            took,
            content.Length,
            reply.Content.Headers.ContentEncoding.Count > 0 ? content.Length : Packed(content)
        );
    }

    /// <summary>What goes on until somebody closes it.</summary>
    public Task<Stream> StreamAsync(string path, CancellationToken cancellationToken) =>
        _http.GetStreamAsync(new Uri(path, UriKind.Relative), cancellationToken);

    /// <summary>What each page loads besides, the first time.</summary>
    public async Task<IEnumerable<string>> AssetsAsync(CancellationToken cancellationToken) =>
        Asset().Matches(await TextAsync("/console/kinds", cancellationToken)).Select(one => one.Value).Distinct();

    public void Dispose() => _http.Dispose();

    /// <summary>What is measured is what came over the wire, which is packed; what is read is not.</summary>
    private async Task<string> TextAsync(string path, CancellationToken cancellationToken)
    {
        using var reply = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        await using var packed = await reply.Content.ReadAsStreamAsync(cancellationToken);
        await using var plain = reply.Content.Headers.ContentEncoding.Contains("gzip")
            ? new GZipStream(packed, CompressionMode.Decompress)
            : packed;
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static int Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return (int)packed.Length;
    }

    [GeneratedRegex("""/console/assets/[^"]+""")]
    private static partial Regex Asset();

    [GeneratedRegex("""<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)""")]
    private static partial Regex Field();
}
