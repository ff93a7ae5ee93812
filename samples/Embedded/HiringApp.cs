using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using Quartz;

namespace Embedded;

/// <summary>
/// A hiring app as a team has one: its own tables, sign-in, nightly job, JSON, errors, health checks and routes. All that is the
/// engine's is in <see cref="Slots"/> and the two lines that call it.
/// </summary>
public static class HiringApp
{
    /// <summary>Whether the engine is in it, and whether it came first: the app is the same, which its tests show.</summary>
    public enum Engine
    {
        None,
        First,
        Last,
    }

    public static WebApplication Build(string[] args, Engine engine = Engine.Last, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        if (engine == Engine.First)
        {
            builder.AddSlotReminders();
        }

        builder.AddOwn();
        if (engine == Engine.Last)
        {
            builder.AddSlotReminders();
        }

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseAuthentication();
        app.UseAuthorization();
        if (engine == Engine.First)
        {
            app.MapSlotReminders();
        }

        app.MapOwn();
        app.MapSlots(withReminders: engine != Engine.None);
        if (engine == Engine.Last)
        {
            app.MapSlotReminders();
        }

        return app;
    }

    private static void AddOwn(this WebApplicationBuilder builder)
    {
        var (services, settings) = (builder.Services, builder.Configuration);
        // The app's data source is a service without a key, as the README of Npgsql has it.
        services.AddSingleton(_ => NpgsqlDataSource.Create(settings["Hiring:Database"]!));
        services.AddDbContext<HiringDb>((provider, db) => db.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(jwt =>
            {
                jwt.MapInboundClaims = false;
                jwt.TokenValidationParameters = new()
                {
                    ValidIssuer = "hiring",
                    ValidAudience = "hiring",
                    RoleClaimType = "role",
                    NameClaimType = "sub",
                    IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(settings["Hiring:SigningKey"]!)),
                };
            });
        services
            .AddAuthorizationBuilder()
            .AddPolicy("staff", policy => policy.RequireRole("staff"))
            .SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.AllowReadingFromString);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = one => one.ProblemDetails.Extensions["app"] = "hiring");
        services.AddExceptionHandler<OwnErrors>();
        services.AddHealthChecks().AddCheck("hiring", () => HealthCheckResult.Healthy("of the app"));
        services.AddOpenApi();
        services.AddQuartz(quartz =>
            quartz.ScheduleJob<NightlyJob>(trigger =>
                trigger.WithIdentity("nightly").WithSimpleSchedule(often => often.WithInterval(TimeSpan.FromSeconds(1)).RepeatForever())
            )
        );
        services.AddQuartzHostedService();
        services.AddSingleton<NightlyJob.Runs>();
    }

    private static void MapOwn(this WebApplication app)
    {
        app.MapOpenApi("/openapi/v1.json").AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
        app.MapPost("/api/bookings", (Room room) => $"{room.Count} seats booked").AllowAnonymous();
        app.MapGet("/api/notifications", () => "the app's own").AllowAnonymous();
        app.MapGet("/broken", string () => throw new InvalidOperationException("the app's own trouble")).AllowAnonymous();
    }

    private static void MapSlots(this WebApplication app, bool withReminders)
    {
        var slots = app.MapGroup("/slots").RequireAuthorization("staff");
        slots.MapPost(
            "/",
            async (Slot slot, HiringDb db) =>
            {
                db.Add(slot);
                await db.SaveChangesAsync();
                return slot.Id;
            }
        );
        slots.MapPost(
            "/{id:guid}/approve",
            async Task<Results<NoContent, NotFound>> (Guid id, HiringDb db, IServiceProvider services) =>
            {
                if (await db.Slots.FindAsync(id) is not { } slot)
                {
                    return TypedResults.NotFound();
                }

                slot.Status = SlotStatus.Approved;
                if (withReminders)
                {
                    await services.GetRequiredService<Slots>().SaveAsync(slot);
                }
                else
                {
                    await db.SaveChangesAsync();
                }

                return TypedResults.NoContent();
            }
        );
    }

    private sealed record Room(int Count);

    private sealed class OwnErrors : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
        {
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            await context.Response.WriteAsync($"hiring: {exception.Message}", cancellationToken);
            return true;
        }
    }
}

/// <summary>Stands for whatever the app does by itself; it must go on doing it.</summary>
public sealed class NightlyJob(NightlyJob.Runs runs) : IJob
{
    public sealed class Runs
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add() => Interlocked.Increment(ref _count);
    }

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        runs.Add();
        return ValueTask.CompletedTask;
    }
}
