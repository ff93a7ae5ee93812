using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Samples.TicketDesk;

namespace Reminders.Integration.Tests.Samples;

/// <summary>samples/TicketDesk on a real Kestrel.</summary>
internal sealed class DeskNode : IAsyncDisposable
{
    private const string Key = "a key for the tests, and for nothing else at all";

    private readonly WebApplication _app;

    private DeskNode(WebApplication app) =>
        (_app, Http) = (
            app,
            new()
            {
                BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
            }
        );

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<DeskNode> StartAsync(string connectionString, string name, params (string Key, string? Value)[] settings)
    {
        var app = DeskApp.Build(
            [],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Environment.EnvironmentName = Environments.Development;
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddInMemoryCollection([
                    new("Desk:Database", connectionString + ";Maximum Pool Size=30"),
                    new("Desk:SigningKey", Key),
                    new("Reminders:NodeName", name),
                    new("Reminders:MigrateAtStart", "false"),
                    new("Reminders:Inbox:WholeTicket", "true"),
                    .. settings.Select(one => KeyValuePair.Create(one.Key, one.Value)),
                ]);
                builder.WebHost.UseUrls("http://127.0.0.1:0");
            }
        );
        await app.CreateTablesAsync();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public static string Token(string name) => DeskApp.Token(name, Key);

    public Task<(int Status, JsonNode? Json)> PostAsync(string by, string path, string? json = null) =>
        SendAsync(by, HttpMethod.Post, path, json);

    public Task<(int Status, JsonNode? Json)> GetAsync(string by, string path) => SendAsync(by, HttpMethod.Get, path);

    public async Task<(int Status, JsonNode? Json)> SendAsync(string? by, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (by is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(by));
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task KeepAsync(string person, string more = "") =>
        Assert.Equal(
            204,
            (await SendAsync("rita", HttpMethod.Put, $"/api/people/{person}/", $$"""{"name":"{{person}}"{{more}}}""")).Status
        );

    /// <summary>A ticket of the author's, whose number it gives.</summary>
    public async Task<long> OpenAsync(string author, string title = "Printer")
    {
        var made = await PostAsync(author, "/api/tickets/", $$"""{"title":"{{title}}"}""");
        Assert.True(made.Status == 201, $"{made.Status}: {made.Json}");
        return (long)made.Json!["id"]!;
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
