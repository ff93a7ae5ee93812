using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Reminders.Integration.Tests.Events;

/// <summary>An app in another process: takes what it is posted, or does what a test has it do, once for each call.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    public static readonly string[] Secrets =
    [
        "whsec_" + Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(n => (byte)n)]),
        "whsec_" + Convert.ToBase64String([.. Enumerable.Range(101, 24).Select(n => (byte)n)]),
    ];

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<Call> _calls = [];

    private Receiver(WebApplication app) => _app = app;

    /// <summary>What it does to the next calls, in order; what is left over takes them.</summary>
    public Queue<Func<HttpContext, Task>> Next { get; } = [];

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    public Uri Url => new(new Uri(_app.Urls.First()), "/told?key=1");

    public (string Key, string? Value)[] Settings(params (string Key, string? Value)[] others) =>
        [("Webhook:Url", Url.ToString()), ("Webhook:Secrets:0", Secrets[0]), ("Webhook:Timeout", "00:00:01"), .. others];

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/told", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var does = (HttpContext _) => Task.CompletedTask;
        lock (_lock)
        {
            _calls.Add(new(context.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString()), body.ToArray()));
            does = Next.TryDequeue(out var next) ? next : does;
        }

        await does(context);
    }

    public static Func<HttpContext, Task> Status(int code, string? retryAfter = null) =>
        context =>
        {
            context.Response.StatusCode = code;
            context.Response.Headers.RetryAfter = retryAfter;
            context.Response.Headers.Location = code is 302 or 307 ? "/told" : null;
            return Task.CompletedTask;
        };

    public static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Until the caller hangs up.</summary>
    public static Task Slow(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal sealed record Call(IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Id => Headers["webhook-id"];
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;
        public string Type => Json.GetProperty("type").GetString()!;
        public JsonElement Data => Json.GetProperty("data");
    }
}
