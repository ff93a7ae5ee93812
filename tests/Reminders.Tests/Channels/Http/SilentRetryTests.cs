using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reminders.Channels.Http;
using Reminders.Tests.Channels.Wire;

namespace Reminders.Tests.Channels.Http;

/// <summary>
/// Holds what Channels/Http/README.md says of SocketsHttpHandler against the runtime in use. The first test shows the danger;
/// should it ever fail, the runtime has changed and the essay with it.
/// </summary>
public sealed class SilentRetryTests
{
    private static readonly JsonTypeInfo<string> Text = JsonTypeInfo.CreateJsonTypeInfo<string>(
        new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }
    );

    private static CancellationToken Running => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_handler_repeats_a_POST_without_a_body_after_the_server_read_it()
    {
        await using var server = StartCutting();
        using var client = new HttpMessageInvoker(OnceHttp.CreateHandler(server.Url));
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Running));
        Assert.Equal(4, server.Requests.Length); // once, and three retries
    }

    [Fact]
    public async Task The_handler_repeats_a_POST_that_expects_100_continue()
    {
        await using var server = StartCutting();
        using var client = new HttpMessageInvoker(OnceHttp.CreateHandler(server.Url));
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new ByteArrayContent([]) };
        request.Headers.ExpectContinue = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Running));
        Assert.Equal(4, server.Requests.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_POST_with_a_body_is_written_once_on_a_new_and_on_a_reused_connection(bool reused)
    {
        await using var server = ScriptedServer.Start(async exchange =>
        {
            if (reused && exchange is { Connection: 0, Number: 0 })
            {
                await exchange.ReplyAsync(200, "{}");
                return;
            }
            exchange.Cut();
        });
        using var http = new OnceHttp(server.Url);
        if (reused)
        {
            Assert.IsType<HttpOutcome.Replied>(await PostAsync(http, server.Url, "first"));
        }
        Assert.IsType<HttpOutcome.Unknown>(await PostAsync(http, server.Url, "second"));
        Assert.Single(server.Requests, request => request.Body == "\"second\"");
        Assert.Equal(reused ? 2 : 1, server.Requests.Length);
    }

    [Fact]
    public async Task A_connection_the_server_closed_while_idle_costs_nothing()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(async exchange =>
        {
            await exchange.ReplyAsync(200, "{}");
            exchange.Cut();
            closed.TrySetResult();
        });
        using var http = new OnceHttp(server.Url);
        Assert.IsType<HttpOutcome.Replied>(await PostAsync(http, server.Url, "first"));
        await closed.Task;
        Assert.IsType<HttpOutcome.Replied>(await PostAsync(http, server.Url, "second"));
        Assert.Equal(2, server.Requests.Length);
    }

    [Fact]
    public async Task A_body_refuses_to_be_written_twice()
    {
        using var body = OnceJsonContent.Of("x", Text);
        Assert.False(body.Started);
        await body.CopyToAsync(Stream.Null, Running);
        Assert.True(body.Started);
        await Assert.ThrowsAsync<InvalidOperationException>(() => body.CopyToAsync(Stream.Null, Running));
    }

    private static Task<HttpOutcome> PostAsync(OnceHttp http, Uri url, string text) =>
        http.PostAsync(url, OnceJsonContent.Of(text, Text), TimeSpan.FromSeconds(20), Running);

    private static ScriptedServer StartCutting() =>
        ScriptedServer.Start(exchange =>
        {
            exchange.Cut();
            return Task.CompletedTask;
        });
}
