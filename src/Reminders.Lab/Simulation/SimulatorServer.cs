using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Reminders.Lab.Simulation;

/// <summary>
/// Kestrel without a host around it. No configuration is read (an ASPNETCORE_URLS of the service under test is not ours), no
/// signal is caught, and nothing stands between the socket and the handler: a bench shares two cores with this process.
/// </summary>
internal sealed class SimulatorServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly RequestDelegate _handle;

    public SimulatorServer(int port, RequestDelegate handle)
    {
        _handle = handle;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MinRequestBodyDataRate = null;
        options.Listen(IPAddress.Loopback, port);
        _kestrel = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance
        );
    }

    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        await _kestrel.StartAsync(this, cancellationToken).ConfigureAwait(false);
        return new Uri(_kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public static async Task WriteAsync(HttpContext http, int status, string contentType, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body).ConfigureAwait(false);
    }

    public static async ValueTask<byte[]> ReadBodyAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync().ConfigureAwait(false);
            if (read.IsCompleted)
            {
                var body = new byte[read.Buffer.Length];
                var left = body.AsSpan();
                foreach (var part in read.Buffer)
                {
                    part.Span.CopyTo(left);
                    left = left[part.Length..];
                }

                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        // Kestrel keeps one context per connection for whoever asks.
        if (contextFeatures is not IHostContextContainer<HttpContext> { } container)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        if (container.HostContext is DefaultHttpContext known)
        {
            known.Initialize(contextFeatures);
            return known;
        }

        return container.HostContext = new DefaultHttpContext(contextFeatures);
    }

    public Task ProcessRequestAsync(HttpContext context) => _handle(context);

    public void DisposeContext(HttpContext context, Exception? exception) => ((DefaultHttpContext)context).Uninitialize();

    public async ValueTask DisposeAsync()
    {
        // An answer that is still being written is not worth waiting for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _kestrel.StopAsync(now.Token).ConfigureAwait(false);
        _kestrel.Dispose();
    }
}
