using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Answers;

/// <summary>A Bot API that does not behave, asked for updates by a node.</summary>
public sealed class Polls(Postgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(4);

    private readonly ConcurrentQueue<long> _asked = new();
    private Func<long?, IResult> _answer = _ => Ok();
    private int _readable = 100;
    private WebApplication _server = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapPost(
            "/{bot}/{method}",
            async (string method, HttpRequest request) =>
            {
                if (method != "getUpdates")
                {
                    return Results.Text("""{"ok":true,"result":true}""", "application/json");
                }

                _asked.Enqueue(TimeProvider.System.GetTimestamp());
                using var body = await JsonDocument.ParseAsync(request.Body);
                if (body.RootElement.GetProperty("limit").GetInt32() > _readable)
                {
                    return Results.Text("""{"ok":true,"result":[""" + new string(' ', 17 * 1024 * 1024), "application/json");
                }

                return _answer(body.RootElement.TryGetProperty("offset", out var offset) ? offset.GetInt64() : null);
            }
        );
        await _server.StartAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>581 requests a second.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("""{"no_id":1}""")]
    [InlineData("""{"update_id":5,"message":{"message_id":1,"chat":{"id":5},"text":"the same for ever"}}""")]
    public async Task Answered_at_once_with_nothing_new_it_asks_about_once_a_second(string always)
    {
        _answer = _ => Ok(always);
        await using var cluster = await StartAsync();
        await Eventually.TrueAsync(() => Task.FromResult(_asked.Count > 0), Patience, "the first poll");
        Assert.InRange(await AskedWithinAsync(Watched), 2, 7);
    }

    [Fact]
    public async Task Between_two_empty_answers_what_comes_is_taken_at_once_and_then_all_of_it()
    {
        var next = 0;
        _answer = offset => offset is null && next == 0 || next >= 50 ? Ok() : Ok(Update(100 + next++));
        await using var cluster = await StartAsync();
        await Eventually.TrueAsync(() => Task.FromResult(_asked.Count >= 2), Patience, "two empty polls");
        next = 1;
        var began = TimeProvider.System.GetTimestamp();
        await cluster.UntilAsync("SELECT count(*) >= 49 FROM reminders.inbound_update", Patience);
        // A floor under full answers would make fifty seconds of it.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    /// <summary>Asked from the old offset on, Telegram would keep them to itself.</summary>
    [Fact]
    public async Task Ids_that_begin_anew_below_the_old_ones_are_taken()
    {
        string[] updates = [Update(1_000_000)];
        _answer = offset =>
            Ok([
                .. updates.Where(update =>
                    offset is null || JsonDocument.Parse(update).RootElement.GetProperty("update_id").GetInt64() >= offset
                ),
            ]);
        await using var cluster = await StartAsync();
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE provider_id = '1000000')", Patience);
        updates = [Update(7)];
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE provider_id = '7')", Patience);
    }

    [Theory]
    [InlineData(502, "<html>Bad Gateway</html>")]
    [InlineData(409, """{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}""")]
    [InlineData(429, """{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":2000000000}}""")]
    public async Task Answered_with_errors_it_asks_less_and_less_says_so_once_and_goes_on_when_they_end(int status, string body)
    {
        var failing = true;
        _answer = _ => failing ? Results.Text(body, "application/json", statusCode: status) : Ok(Update(5));
        using var log = new Lines();
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ("Telegram:ApiBaseUrl", _server.Urls.First()));
        await cluster.StartNodeAsync(services =>
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<ILoggerProvider>(services, log)
        );
        await Eventually.TrueAsync(() => Task.FromResult(_asked.Count > 0), Patience, "the first poll");
        Assert.InRange(await AskedWithinAsync(Watched), 0, 4);
        failing = false;
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE provider_id = '5')", TimeSpan.FromSeconds(30));
        string[] Said() => [.. log.All.Where(line => line.StartsWith("Asking Telegram for updates", StringComparison.Ordinal))];
        await Eventually.TrueAsync(() => Task.FromResult(Said().Length > 1), Patience, "it says that it is over");
        Assert.Equal(2, Said().Length);
    }

    [Fact]
    public async Task A_batch_too_large_to_read_is_asked_for_in_smaller_ones()
    {
        _readable = 10;
        _answer = offset => offset > 5 ? Ok() : Ok(Update(5));
        await using var cluster = await StartAsync();
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE provider_id = '5')", Patience);
    }

    private Task<Cluster> StartAsync() => Cluster.StartAsync(postgres, nodes: 1, overrides: ("Telegram:ApiBaseUrl", _server.Urls.First()));

    private async Task<int> AskedWithinAsync(TimeSpan span)
    {
        var (began, before) = (TimeProvider.System.GetTimestamp(), _asked.Count);
        await Eventually.TrueAsync(() => Task.FromResult(TimeProvider.System.GetElapsedTime(began) >= span), span * 2, "time passes");
        return _asked.Count - before;
    }

    private static string Update(int id) => $$$"""{"update_id":{{{id}}},"message":{"message_id":{{{id}}},"chat":{"id":5},"text":"hi"}}""";

    private static IResult Ok(params string[] updates) =>
        Results.Text($$"""{"ok":true,"result":[{{string.Join(',', updates)}}]}""", "application/json");
}
