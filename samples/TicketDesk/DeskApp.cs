using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Samples.TicketDesk;

/// <summary>A ticket desk as a team has one: its tables, its sign-in (JWT), its API. The engine is in two lines of it.</summary>
public static class DeskApp
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot") }
        );
        configure?.Invoke(builder);
        builder.AddDesk();
        builder.AddDeskReminders();

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        // After the files: the engine, at the root, takes every path that nothing else is found for.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapTickets();
        app.MapDeskReminders();
        if (app.Environment.IsDevelopment())
        {
            // Stands for the team's own sign-in, and is not there in production.
            app.MapPost("/sign-in/{name}", (string name, IConfiguration settings) => Token(name, settings["Desk:SigningKey"]!));
        }

        return app;
    }

    /// <summary>A token as the sign-in would give it.</summary>
    public static string Token(string name, string signingKey) =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = "desk",
                Audience = "desk",
                Claims = new Dictionary<string, object> { ["sub"] = name },
                SigningCredentials = new(Key(signingKey), SecurityAlgorithms.HmacSha256),
            }
        );

    public static async Task CreateTablesAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<DeskDb>().Database;
        var create = database
            .GenerateCreateScript()
            .Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", StringComparison.Ordinal)
            .Replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", StringComparison.Ordinal);
        await database.ExecuteSqlRawAsync(create);
    }

    private static void AddDesk(this WebApplicationBuilder builder)
    {
        var (services, settings) = (builder.Services, builder.Configuration);
        services.AddDbContext<DeskDb>(db => db.UseNpgsql(settings["Desk:Database"]));
        services.AddScoped<Desk>();
        services.AddSingleton(TimeProvider.System);
        services.AddExceptionHandler<Refusals>();
        services.AddProblemDetails();
        // A field of another type is named like any other wrong one.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Converters.Add(
                new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower)
            );
        });
        services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(jwt =>
            {
                jwt.MapInboundClaims = false;
                jwt.TokenValidationParameters = new()
                {
                    ValidIssuer = "desk",
                    ValidAudience = "desk",
                    NameClaimType = "sub",
                    IssuerSigningKey = Key(settings["Desk:SigningKey"]!),
                };
            });
        services.AddAuthorization();
    }

    private static SymmetricSecurityKey Key(string text) => new(Encoding.UTF8.GetBytes(text));
}
