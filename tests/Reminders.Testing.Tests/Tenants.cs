using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Apps;
using Reminders.Telegram;

namespace Reminders.Testing.Tests;

/// <summary>An app with several installations is tested one at a time, and none of them touches its own database or bots.</summary>
public sealed class Tenants
{
    [Theory]
    [InlineData(null)]
    [InlineData("tenant-a")]
    public async Task The_one_that_is_named_is_tested_with_its_own_kinds_and_bots(string? installation)
    {
        await using var app = await ReminderTestHost.StartAsync(Add, new() { Installation = installation });
        var reminders = installation is null
            ? app.Services.GetRequiredService<IReminders>()
            : app.Services.GetRequiredKeyedService<IReminders>(installation);
        await reminders.ApplyAsync(
            new Subject(
                "slot",
                "1",
                "approved",
                app.Now.AddHours(1),
                [new("candidate", new("anna", "Anna", Addresses: new Dictionary<string, string> { ["telegram"] = "1", ["bot-a"] = "1" }))]
            )
        );
        await app.SettleAsync();
        Assert.Equal(installation is null ? "the app asks" : "tenant-a asks", app.AssertSent("ASK", to: "anna", channel: "telegram").Text);
        app.AssertSent("ASK", to: "anna", channel: "bot-a");
        app.AssertNothingElseSent();
    }

    [Fact]
    public async Task One_that_was_not_added_is_named() =>
        Assert.Contains(
            "AddReminders was not called for 'tenant-b'",
            (
                await Assert.ThrowsAsync<InvalidOperationException>(() =>
                    ReminderTestHost.StartAsync(Add, new() { Installation = "tenant-b" })
                )
            ).Message,
            StringComparison.Ordinal
        );

    private static void Add(IHostApplicationBuilder builder)
    {
        Declare(builder.Services.AddReminders(builder.Configuration), "the app");
        Declare(builder.Services.AddReminders("tenant-a", builder.Configuration), "tenant-a");
    }

    private static void Declare(RemindersBuilder reminders, string who) =>
        reminders
            .UsePostgres("Host=nowhere.invalid;Database=never")
            .AddTelegram()
            .AddTelegram("bot-a")
            .WithoutShippedKinds()
            .AddKind(
                "ASK",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To, kind.EveryChannel) = ("slot", "approved", "candidate", true);
                    kind.Channels = ["telegram", "bot-a"];
                    kind.Templates["en"] = new() { ["text"] = $"{who} asks" };
                }
            );
}
