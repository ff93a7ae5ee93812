using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Cli;
using Reminders.Commands;
using Reminders.Hosting;
using Reminders.Integration.Tests.Support;
using Reminders.Kinds;
using Reminders.Web;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Web;

/// <summary>A whole node behind a real Kestrel on loopback, on a database of its own. Its Telegram refuses connections.</summary>
public sealed class WebNode : IAsyncDisposable
{
    public const string Token = "123456789:AAtest-token_that-must-not-leak";
    public const string WebhookSecret = "a-secret_of-the-webhook";

    /// <summary>Of the database that goes with it; null: it is somebody else's.</summary>
    private Postgres? _postgres;

    internal string ConnectionString { get; }

    private WebNode(WebApplication app, ErrorLog log, string connectionString)
    {
        (App, Log, ConnectionString) = (app, log, connectionString);
        Database = NpgsqlDataSource.Create(connectionString);
        Http = new()
        {
            BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
    }

    public WebApplication App { get; }

    /// <summary>What the engine is made of.</summary>
    internal IServiceProvider Engine => App.Services.GetRequiredService<RemindersEngine>().Services;
    public ErrorLog Log { get; }
    public NpgsqlDataSource Database { get; }

    /// <summary>Without a key; a test says whose request it is.</summary>
    public HttpClient Http { get; }
    public string Recruiter { get; private set; } = "";
    public string Operator { get; private set; } = "";

    public static async Task<WebNode> StartAsync(
        Postgres postgres,
        Action<WebApplication>? map = null,
        params (string Key, string? Value)[] overrides
    )
    {
        var node = await StartAsync(await postgres.CreateDatabaseAsync(), "web1", map, overrides);
        node._postgres = postgres;
        node.Recruiter = await node.KeyAsync("booking-app", ApiRole.Recruiter);
        node.Operator = await node.KeyAsync("ops", ApiRole.Operator);
        return node;
    }

    /// <summary>On a server of its own, which a test may stop; the node makes the schema itself.</summary>
    public static async Task<WebNode> StartOnAsync(string connectionString, params (string Key, string? Value)[] overrides)
    {
        var node = await StartAsync(connectionString, "web1", null, [("MigrateAtStart", "true"), .. overrides]);
        node.Recruiter = await node.KeyAsync("booking-app", ApiRole.Recruiter);
        node.Operator = await node.KeyAsync("ops", ApiRole.Operator);
        return node;
    }

    /// <summary>Another node on the same database.</summary>
    public Task<WebNode> StartAnotherAsync(params (string Key, string? Value)[] overrides) => StartAnotherAsync(null, overrides);

    /// <summary>Another node on the same database, with more mapped.</summary>
    public async Task<WebNode> StartAnotherAsync(Action<WebApplication>? map, params (string Key, string? Value)[] overrides)
    {
        var node = await StartAsync(ConnectionString, "web2", map, overrides);
        (node.Recruiter, node.Operator) = (Recruiter, Operator);
        return node;
    }

    private static async Task<WebNode> StartAsync(
        string connectionString,
        string name,
        Action<WebApplication>? map,
        (string Key, string? Value)[] overrides
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory }
        );
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionString"] = connectionString + ";Maximum Pool Size=30",
            ["NodeName"] = name,
            ["MigrateAtStart"] = "false",
            ["Telegram:BotToken"] = Token,
            ["Telegram:ApiBaseUrl"] = "http://127.0.0.1:1/",
            ["Telegram:Mode"] = "Webhook",
            ["Telegram:WebhookUrl"] = "http://127.0.0.1/telegram/webhook",
            ["Telegram:WebhookSecret"] = WebhookSecret,
        };
        foreach (var (key, value) in overrides)
        {
            settings[key] = value;
        }

        builder.WebHost.UseUrls(settings.GetValueOrDefault("TestUrl") ?? "http://127.0.0.1:0");
        ShippedKinds.AddTo(builder.Configuration);
        builder.Configuration.AddInMemoryCollection(settings);
        var log = new ErrorLog();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error).AddProvider(log);
        AllChannels.Add(builder.Services.AddReminders(builder.Configuration, path: "", withShippedKinds: false));
        var app = builder.Build();
        app.MapReminders(prefix: "");
        map?.Invoke(app);
        await app.StartAsync();

        return new WebNode(app, log, connectionString);
    }

    public async Task<string> KeyAsync(string name, ApiRole role) =>
        Assert.IsType<Outcome<NewApiKey>.Done>(await Engine.GetRequiredService<ApiKeys>().CreateAsync(name, role)).Value.Key;

    /// <summary>A key of an owner, with scopes of its own.</summary>
    public async Task<string> KeyAsync(string name, string owner, params string[] scopes) =>
        Assert
            .IsType<Outcome<NewApiKey>.Done>(
                await Engine
                    .GetRequiredService<ApiKeys>()
                    .CreateAsync(new(name, scopes.Length > 0 ? scopes : ApiScopes.Of(ApiRole.Recruiter), owner), "test")
            )
            .Value.Key;

    public Task<Reply> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, null, key);

    public Task<Reply> PostAsync(string path, string? json = null, string? key = null, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, json, key, idempotencyKey);

    public async Task<Reply> SendAsync(HttpMethod method, string path, string? json, string? key = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if ((key ?? Recruiter) is { Length: > 0 } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await SendAsync(request);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.Location?.ToString(), text);
    }

    /// <summary>A booking whose reminder is due in 46 hours.</summary>
    public async Task<string> BookAsync(string candidate = "Anna", long chat = 1001)
    {
        var reply = await PostAsync("/api/bookings", Booking(candidate, chat));
        Assert.Equal(201, reply.Status);
        return (string)reply.Json["id"]!;
    }

    public static string Booking(string candidate = "Anna", long chat = 1001, TimeSpan? startsIn = null) =>
        JsonSerializer.Serialize(
            new
            {
                title = "Backend engineer",
                startsAt = TimeProvider.System.GetUtcNow() + (startsIn ?? TimeSpan.FromHours(48)),
                candidate = new
                {
                    name = candidate,
                    telegramChatId = chat,
                    zone = "Europe/Moscow",
                },
                recruiter = new { name = "Rita", telegramChatId = 9001 },
            }
        );

    public Task<T> ScalarAsync<T>(string sql, params object[] values) => Database.ScalarAsync<T>(sql, values);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await Database.DisposeAsync();
        if (_postgres is not null)
        {
            await _postgres.DropDatabaseAsync(ConnectionString);
        }
    }
}
