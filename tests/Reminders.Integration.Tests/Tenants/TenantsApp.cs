using System.Data.Common;
using System.Net.Http.Headers;
using System.Text;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Apps;
using Reminders.Commands;
using Reminders.Hosting;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Lab.Telegram;
using Reminders.Telegram;
using Reminders.Web;
using Reminders.Web.Console;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Tenants;

/// <summary>An app with two tenants, each an installation of its own, in one database: kinds of one name with other texts.</summary>
public sealed class TenantsApp : IAsyncDisposable
{
    public const string PublicUrl = "http://tenants.example.test/";

    private readonly Postgres _postgres;

    private TenantsApp(
        Postgres postgres,
        WebApplication app,
        string connectionString,
        TelegramSimulator[] telegrams,
        Heard heard,
        Lines log
    )
    {
        (_postgres, App, ConnectionString, Told, Log) = (postgres, app, connectionString, heard, log);
        (A, B) = (new("a", this, telegrams[0]), new("b", this, telegrams[1]));
        Database = NpgsqlDataSource.Create(connectionString);
        Http = new()
        {
            BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
    }

    public WebApplication App { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    public HttpClient Http { get; }

    public Tenant A { get; }

    public Tenant B { get; }

    /// <summary>What the app's handler was told.</summary>
    public Heard Told { get; }

    internal Lines Log { get; }

    /// <param name="webhook">Whether updates are posted to it; else they are polled.</param>
    public static async Task<TenantsApp> StartAsync(Postgres postgres, bool webhook = false, params (string Key, string? Value)[] overrides)
    {
        var connectionString = await postgres.CreateEmptyDatabaseAsync();
        TelegramSimulator[] telegrams =
        [
            await TelegramSimulator.StartAsync(
                new()
                {
                    EnforceLimits = false,
                    AutoCreateChats = true,
                    Token = "1:A",
                    Seed = 7,
                }
            ),
            // The same update_ids at both.
            await TelegramSimulator.StartAsync(
                new()
                {
                    EnforceLimits = false,
                    AutoCreateChats = true,
                    Token = "2:B",
                    Seed = 7,
                }
            ),
        ];
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var log = new Lines();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddProvider(log);
        var settings = new Dictionary<string, string?>();
        foreach (var (name, telegram) in ((string, TelegramSimulator)[])[("a", telegrams[0]), ("b", telegrams[1])])
        {
            foreach (
                var (key, value) in ((string, string?)[])
                    [
                        ("NodeName", "app"),
                        ("PublicUrl", $"{PublicUrl}{name}/"),
                        ("Telegram:BotToken", telegram.Token),
                        ("Telegram:ApiBaseUrl", telegram.BaseAddress.ToString()),
                        ("Telegram:PollTimeout", "00:00:02"),
                        ("Telegram:Mode", webhook ? "Webhook" : "Polling"),
                        ("Telegram:WebhookSecret", $"the-secret-of-the-tenant-{name}"),
                        ("Telegram:WebhookUrl", $"http://127.0.0.1:1/{name}/telegram/webhook"),
                        ("Outbox:Limits:telegram:PerSecond", "0"),
                        ("Outbox:Limits:telegram:PerRecipientInterval", "0"),
                    ]
            )
            {
                settings[$"Reminders:Installations:{name}:{key}"] = value;
            }
        }

        foreach (var (key, value) in overrides)
        {
            settings[key] = value;
        }

        builder.Configuration.AddInMemoryCollection(settings);
        var heard = new Heard();
        builder.Services.AddSingleton(heard);
        foreach (var name in (string[])["a", "b"])
        {
            Declare(
                builder.Services.AddReminders(name, builder.Configuration).UsePostgres($"{connectionString};Maximum Pool Size=30"),
                name.ToUpperInvariant()
            );
            builder.Services.AddHealthChecks().AddReminders(installation: name);
        }

        var app = builder.Build();
        foreach (var name in (string[])["a", "b"])
        {
            app.MapReminders($"/{name}", installation: name);
            app.MapRemindersConsole($"/console/{name}", map => map.OwnAccounts = true, installation: name);
        }

        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(postgres, app, connectionString, telegrams, heard, log);
    }

    public Task<T> ScalarAsync<T>(string sql, params object[] values) => Database.ScalarAsync<T>(sql, values);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await Database.DisposeAsync();
        await A.Telegram.DisposeAsync();
        await B.Telegram.DisposeAsync();
        await _postgres.DropDatabaseAsync(ConnectionString);
    }

    private static void Declare(RemindersBuilder tenant, string says) =>
        tenant
            .AddTelegram()
            .OnAnswer<Handler>()
            .WithoutShippedKinds()
            .AddKind(
                "ASK",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To) = ("slot", "approved", "candidate");
                    (kind.WantedIn, kind.Buttons, kind.AnswerLink) = (["approved"], ["confirm", "decline"], true);
                    kind.Templates["en"] = new()
                    {
                        ["text"] = $"{says} asks {{recipient}}: {{answer_link}}",
                        ["confirm"] = $"Yes, {says}",
                        ["decline"] = "No",
                        ["confirmed"] = $"{says}: confirmed",
                        ["declined"] = $"{says}: declined",
                        ["moved"] = "moved",
                        ["cancelled"] = "cancelled",
                    };
                }
            )
            .AddKind(
                "TOLD",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To) = ("slot", "confirmed", "recruiter");
                    kind.Templates["en"] = new() { ["text"] = $"{says} was told yes" };
                }
            );

    /// <summary>One of the two.</summary>
    public sealed class Tenant(string name, TenantsApp app, TelegramSimulator telegram)
    {
        public const long Candidate = 1001;
        public const long Recruiter = 9001;

        private readonly DateTimeOffset _startsAt = TimeProvider.System.GetUtcNow().AddHours(2);

        public string Name => name;

        public TelegramSimulator Telegram => telegram;

        public string WebhookSecret => $"the-secret-of-the-tenant-{name}";

        public IReminders Reminders => app.App.Services.GetRequiredKeyedService<IReminders>(name);

        internal IServiceProvider Engine => app.App.Services.GetRequiredKeyedService<RemindersEngine>(name).Services;

        /// <summary>A slot under the same key, with the same people, for both.</summary>
        public Task<SubjectApplied> ApproveAsync(string key = "s-1", long candidate = Candidate) =>
            Reminders.ApplyAsync(
                new(
                    "slot",
                    key,
                    "approved",
                    _startsAt,
                    [
                        new("candidate", new($"anna{(candidate == Candidate ? "" : candidate)}", "Anna", Addresses: Chat(candidate))),
                        new("recruiter", new("rita", "Rita", Addresses: Chat(Recruiter))),
                    ]
                ),
                TestContext.Current.CancellationToken
            );

        public async Task<Lab.Telegram.SentMessage> QuestionAsync(long candidate = Candidate)
        {
            await telegram.Record.WaitForAsync(record => record.MessagesTo(candidate).Count > 0, TimeSpan.FromSeconds(30));
            return telegram.Record.MessagesTo(candidate)[0];
        }

        public Task<string> StatusAsync(string key = "s-1") =>
            app.ScalarAsync<string>($"SELECT status FROM {name}.subject WHERE type = 'slot' AND key = $1", key);

        public Task<T> ScalarAsync<T>(string sql, params object[] values) =>
            app.ScalarAsync<T>(sql.Replace("reminders.", $"{name}.", StringComparison.Ordinal), values);

        public async Task<T> SendAsync<T>(IRequest<T> request)
        {
            await using var scope = Engine.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, TestContext.Current.CancellationToken);
        }

        public async Task<string> KeyAsync(ApiRole role = ApiRole.Recruiter) =>
            Assert
                .IsType<Outcome<NewApiKey>.Done>(await Engine.GetRequiredService<ApiKeys>().CreateAsync($"key-{Guid.NewGuid():N}", role))
                .Value.Key;

        /// <summary>Below the tenant's prefix.</summary>
        public async Task<Reply> AskAsync(
            HttpMethod method,
            string path,
            string? bearer = null,
            string? json = null,
            params (string Name, string Value)[] headers
        )
        {
            using var request = new HttpRequestMessage(method, $"/{name}{path}");
            if (bearer is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            }

            foreach (var (header, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }

            if (json is not null)
            {
                request.Content = new StringContent(json, Encoding.UTF8, "application/json");
            }

            using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return new(
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                response.Headers.Location?.ToString(),
                await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            );
        }

        private static Dictionary<string, string> Chat(long id) => new() { ["telegram"] = $"{id}" };
    }

    /// <summary>What was said to the app, in the order in which it came.</summary>
    public sealed class Heard
    {
        private readonly Lock _gate = new();
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_gate)
                {
                    return [.. _all];
                }
            }
        }

        public void Add(string line)
        {
            lock (_gate)
            {
                _all.Add(line);
            }
        }
    }

    /// <summary>The same for both: it is told whose answer it is.</summary>
    public sealed class Handler(Heard heard) : IAnswerHandler
    {
        public Task OnAnswerAsync(Answer answer, DbTransaction transaction, CancellationToken cancellationToken)
        {
            heard.Add($"{answer.Installation}: {answer.Key} {answer.Choice}");
            return Task.CompletedTask;
        }
    }
}
