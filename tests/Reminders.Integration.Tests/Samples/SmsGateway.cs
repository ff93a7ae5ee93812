using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Reminders.Integration.Tests.Samples;

/// <summary>Takes text messages over HTTP, as a gateway of a telephone company would.</summary>
internal sealed class SmsGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<TakenSms> _taken = new();

    private SmsGateway(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First() + "/messages");

    public IReadOnlyList<TakenSms> Taken => [.. _taken];

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    public static async Task<SmsGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var gateway = new SmsGateway(builder.Build());
        gateway._app.MapPost(
            "/messages",
            (HttpRequest request, Sms sms) =>
            {
                gateway._taken.Enqueue(new(sms.To, sms.Text, request.Headers.Authorization.ToString(), TimeProvider.System.GetTimestamp()));
                return gateway.Status == StatusCodes.Status200OK
                    ? Results.Json(new { id = $"sms-{sms.Reference}" })
                    : Results.StatusCode(gateway.Status);
            }
        );
        await gateway._app.StartAsync();
        return gateway;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private sealed record Sms(string To, string From, string Text, string Reference);
}

/// <param name="At">By the machine's stopwatch.</param>
internal sealed record TakenSms(string To, string Text, string Authorization, long At);
