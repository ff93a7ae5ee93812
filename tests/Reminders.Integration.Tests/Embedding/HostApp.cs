using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Embedded;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Reminders.Lab.Telegram;

namespace Reminders.Integration.Tests.Embedding;

/// <summary>The hiring app of samples/Embedded on a real Kestrel, with or without the engine in it.</summary>
public sealed class HostApp : IAsyncDisposable
{
    private const string Key = "a key for the tests, and for nothing else at all";

    private HostApp(WebApplication app) =>
        (App, Http) = (
            app,
            new()
            {
                BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
            }
        );

    public WebApplication App { get; }

    public HttpClient Http { get; }

    public static async Task<HostApp> StartAsync(
        string connectionString,
        TelegramSimulator telegram,
        HiringApp.Engine engine,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var app = HiringApp.Build(
            [],
            engine,
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddInMemoryCollection([
                    new("Hiring:Database", connectionString + ";Maximum Pool Size=30"),
                    new("Hiring:SigningKey", Key),
                    new("Reminders:NodeName", "guest"),
                    new("Reminders:MigrateAtStart", "false"),
                    new("Reminders:Telegram:BotToken", telegram.Token),
                    new("Reminders:Telegram:ApiBaseUrl", telegram.BaseAddress.ToString()),
                    new("Reminders:Telegram:PollTimeout", "00:00:02"),
                    new("Reminders:Outbox:Limits:telegram:PerSecond", "0"),
                    new("Reminders:Outbox:Limits:telegram:PerRecipientInterval", "0"),
                    // What an app may call its own sections, and the engine once took for its.
                    new("Email:From", "the app's own"),
                    new("Kinds:0", "of rooms"),
                    new("Outbox", "on the desk"),
                ]);
                builder.WebHost.UseUrls("http://127.0.0.1:0");
                configure?.Invoke(builder);
            }
        );
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<HiringDb>();
            var create = db
                .Database.GenerateCreateScript()
                .Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", StringComparison.Ordinal);
            await db.Database.ExecuteSqlRawAsync(create);
        }

        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    /// <summary>A token of the app's own sign-in.</summary>
    public static string Token(string name, string role) =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = "hiring",
                Audience = "hiring",
                Claims = new Dictionary<string, object> { ["sub"] = name, ["role"] = role },
                SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Key)), SecurityAlgorithms.HmacSha256),
            }
        );

    public async Task<(int Status, string? Type, string Body, HttpResponseMessage Response)> SendAsync(
        HttpMethod method,
        string path,
        string? json = null,
        string? token = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, response);
    }

    public Task<(int Status, string? Type, string Body, HttpResponseMessage Response)> GetAsync(string path, string? token = null) =>
        SendAsync(HttpMethod.Get, path, null, token);

    /// <summary>A slot that begins so long from now, proposed over the app's own API.</summary>
    public async Task<Guid> ProposeAsync(TimeSpan startsIn, long candidate = 1001, long recruiter = 9001)
    {
        var slot = new JsonObject
        {
            ["id"] = Guid.CreateVersion7(),
            ["title"] = "Engineer",
            ["startsAt"] = (TimeProvider.System.GetUtcNow() + startsIn).ToString("O"),
            ["candidate"] = "Anna",
            ["candidateChat"] = candidate.ToString(),
            ["recruiter"] = "Rita",
            ["recruiterChat"] = recruiter.ToString(),
        };
        var made = await SendAsync(HttpMethod.Post, "/slots", slot.ToJsonString(), Token("rita", "staff"));
        Assert.Equal(200, made.Status);
        return Guid.Parse(made.Body.Trim('"'));
    }

    public async Task ApproveAsync(Guid slot) =>
        Assert.Equal(204, (await SendAsync(HttpMethod.Post, $"/slots/{slot}/approve", null, Token("rita", "staff"))).Status);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
