using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reminders.Channels.Http;

namespace Reminders.Tests.Channels.Http;

/// <summary>Failures before the first byte, as far as the contract of the senders does not show them.</summary>
public sealed class FirstByteTests
{
    private static readonly JsonTypeInfo<string> Text = JsonTypeInfo.CreateJsonTypeInfo<string>(
        new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }
    );

    private static CancellationToken Running => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, 20_000)] // the handler's ConnectTimeout: a TaskCanceledException, though nobody cancelled
    [InlineData(20_000, 200)] // our own limit for the whole exchange
    public async Task A_connection_that_is_not_made_in_time_is_not_sent(int connectTimeout, int timeout)
    {
        using var full = new FullListener();
        var handler = OnceHttp.CreateHandler(full.Url);
        handler.ConnectTimeout = TimeSpan.FromMilliseconds(connectTimeout);
        using var http = new OnceHttp(handler);
        var outcome = await http.PostAsync(full.Url, OnceJsonContent.Of("x", Text), TimeSpan.FromMilliseconds(timeout), Running);
        Assert.IsType<HttpOutcome.NotSent>(outcome);
    }

    [Fact]
    public async Task A_connection_the_pool_has_no_room_for_is_not_sent()
    {
        await using var server = Wire.ScriptedServer.Start(exchange => exchange.StaySilentAsync());
        var handler = OnceHttp.CreateHandler(server.Url);
        handler.MaxConnectionsPerServer = 1;
        using var http = new OnceHttp(handler);
        using var first = CancellationTokenSource.CreateLinkedTokenSource(Running);
        var holding = http.PostAsync(server.Url, OnceJsonContent.Of("holds", Text), TimeSpan.FromSeconds(20), first.Token);
        await server.First;
        Assert.IsType<HttpOutcome.NotSent>(
            await http.PostAsync(server.Url, OnceJsonContent.Of("waits", Text), TimeSpan.FromMilliseconds(200), Running)
        );
        await first.CancelAsync();
        Assert.IsType<HttpOutcome.Unknown>(await holding);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_certificate_nobody_vouches_for_is_not_sent()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var received = ReceiveAsync(listener, certificate);

        var url = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        using var http = new OnceHttp(url);
        var outcome = await http.PostAsync(url, OnceJsonContent.Of("x", Text), TimeSpan.FromSeconds(20), Running);
        Assert.StartsWith("SecureConnectionError", Assert.IsType<HttpOutcome.NotSent>(outcome).Detail);
        Assert.Equal(0, await received);
    }

    private static async Task<int> ReceiveAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(Running);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            return await tls.ReadAsync(new byte[1024], Running);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return 0;
        }
    }

    /// <summary>A port whose queue of connections is full: the kernel drops further SYNs, as a dead host would.</summary>
    private sealed class FullListener : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _queued = [];

        public FullListener()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(1);
            for (var i = 0; i < 4; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _queued.Add(socket);
                try
                {
                    socket.Connect(_listener.LocalEndPoint!);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress) { }
            }
        }

        public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");

        public void Dispose()
        {
            _queued.ForEach(socket => socket.Dispose());
            _listener.Dispose();
        }
    }
}
