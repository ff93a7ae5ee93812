using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>What a browser without scripts does: it follows links, keeps cookies, and sends a form as it stands in the page.</summary>
internal sealed class PlainBrowser : IDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseCookies = true };
    private readonly HttpClient _http;
    private Uri _node;

    public PlainBrowser(Uri node, string language = "en")
    {
        (_node, _http) = (node, new(_handler));
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    public int Status { get; private set; }

    public IHtmlDocument Page { get; private set; } = null!;

    /// <summary>Where it is, below the node's address.</summary>
    public string Path { get; private set; } = "";

    public HttpResponseMessage Reply { get; private set; } = null!;

    /// <summary>What stands on the page, its blanks as one.</summary>
    public string Text =>
        string.Join(' ', Page.QuerySelector("main")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>As a balancer without stickiness would: the next request goes to another node.</summary>
    public void Switch(Uri node)
    {
        // Cookies go by host, and both are on this one.
        _node = node;
    }

    public Task GoAsync(string path) => SendAsync(new(HttpMethod.Get, new Uri(_node, path)));

    public Task FollowAsync(string selector) => GoAsync(Find(selector).GetAttribute("href")!);

    /// <summary>Sends the form that the button is in.</summary>
    public Task SubmitAsync(string button, params (string Name, string Value)[] typed) => SendAsync(Form(button, typed));

    /// <summary>The form as a request, to be sent as often as one likes.</summary>
    public HttpRequestMessage Form(string button, params (string Name, string Value)[] typed)
    {
        var pressed = Find(button);
        var form = (IHtmlFormElement)pressed.Closest("form")!;
        var fields = new Dictionary<string, string>();
        foreach (var field in form.QuerySelectorAll("input[name], textarea[name], select[name]"))
        {
            fields[field.GetAttribute("name")!] = field switch
            {
                IHtmlInputElement input => input.Value,
                IHtmlTextAreaElement area => area.Value,
                IHtmlSelectElement select => select.Value ?? "",
                _ => "",
            };
        }

        if (pressed.GetAttribute("name") is { } name)
        {
            fields[name] = pressed.GetAttribute("value") ?? "";
        }

        foreach (var (field, value) in typed)
        {
            Assert.True(fields.ContainsKey(field), $"The form has no field {field}: {string.Join(", ", fields.Keys)}.");
            fields[field] = value;
        }

        var target = new Uri(_node, form.GetAttribute("action")!);
        return form.Method == "get"
            ? new(HttpMethod.Get, $"{target}?{string.Join('&', fields.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"))}")
            : new(HttpMethod.Post, target) { Content = new FormUrlEncodedContent(fields) };
    }

    public async Task SendAsync(HttpRequestMessage request)
    {
        for (var hops = 0; ; hops++)
        {
            Reply = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            Status = (int)Reply.StatusCode;
            Path = request.RequestUri!.PathAndQuery;
            if (Reply.StatusCode is not (HttpStatusCode.SeeOther or HttpStatusCode.Found))
            {
                break;
            }

            Assert.True(hops < 5, $"It goes round and round at {Path}.");
            request = new(HttpMethod.Get, new Uri(_node, Reply.Headers.Location!));
        }

        Page = new HtmlParser().ParseDocument(await Reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Asks for a page as browsers do, which take it packed.</summary>
    public HttpRequestMessage Packed(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_node, path));
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        return request;
    }

    /// <summary>Sends it and looks no further; for what is sent many times at once, and for what has no end.</summary>
    public async Task<HttpResponseMessage> SendOnlyAsync(
        HttpRequestMessage request,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead
    ) => await _http.SendAsync(request, until, TestContext.Current.CancellationToken);

    public IElement Find(string selector) =>
        Page.QuerySelector(selector)
        ?? throw new InvalidOperationException($"{Status} {Path} has no {selector}:\n{Page.Body?.TextContent}");

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }
}
