using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Reminders.Notifications;
using Reminders.People;
using Reminders.Telegram;

namespace Reminders.Testing.Tests;

/// <summary>What a test is told when it, or the app, is wrong.</summary>
public sealed class Asserting
{
    [Fact]
    public async Task An_assertion_that_fails_lists_what_was_sent_instead()
    {
        await using var app = await HiringApp.StartAsync();
        await app.ApproveAsync(HiringApp.Monday.AddHours(1));
        var wrong = Assert.Throws<ReminderAssertionException>(() => app.AssertSent("CONFIRM_2H", to: "rita"));
        Assert.Contains("CONFIRM_2H was not sent to rita", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("CONFIRM_2H to anna over telegram at 2031-03-24 12:00", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Hello Anna!", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_is_asserted_once_and_what_is_left_is_something_else()
    {
        await using var app = await HiringApp.StartAsync();
        await app.ApproveAsync(HiringApp.Monday.AddHours(1));
        var left = Assert.Throws<ReminderAssertionException>(app.AssertNothingElseSent);
        Assert.Contains("1 more were sent:", left.Message, StringComparison.Ordinal);
        app.AssertSent("CONFIRM_2H");
        app.AssertNothingElseSent();
        Assert.Throws<ReminderAssertionException>(() => app.AssertSent("CONFIRM_2H"));
    }

    [Fact]
    public async Task A_refused_command_says_why()
    {
        await using var app = await HiringApp.StartAsync();
        var refused = await Assert.ThrowsAsync<ReminderAssertionException>(() => app.ApproveAsync(HiringApp.Monday.AddDays(-1)));
        Assert.Contains("CreateBooking was refused: startsAt", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A test that read the app's own settings would otherwise write into its database, and send by its bot.</summary>
    [Fact]
    public async Task The_apps_own_database_is_not_touched_whatever_its_settings_say()
    {
        await using var app = await ReminderTestHost.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection([
                new("Reminders:ConnectionString", "Host=production.invalid;Database=hiring"),
                new("Reminders:Telegram:BotToken", "123:the-real-one"),
            ]);
            builder.Services.AddReminders(builder.Configuration).AddTelegram().UsePostgres("Host=production.invalid;Database=hiring");
        });
        await app.ApproveAsync(app.Now.AddHours(1));
        app.AssertSent("CONFIRM_2H");
        Assert.DoesNotContain("production", app.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_engine_it_says_what_is_missing()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ReminderTestHost.StartAsync(_ => { }));
        Assert.Contains("AddReminders was not called", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_has_its_subject_line_though_no_mail_server_is_set_and_the_inbox_is_recorded_too()
    {
        await using var app = await HiringApp.StartAsync();
        await app.DoAsync(
            new KeepRecipients([new("olga", "Olga", Addresses: new Dictionary<string, string> { ["email"] = "olga@example.com" })])
        );
        await app.DoAsync(new Notify("CUSTOMER_CREATED", "customer-1", null, ["olga"], Data: Data(("customer", "Example Ltd"))));
        var item = app.AssertSent("CUSTOMER_CREATED", to: "olga");
        Assert.Equal(("inbox", "New customer: Example Ltd", "customer-1"), (item.Channel, item.Text, item.About));

        var cart = Data(("cart_hash", "x"), ("items", "a book"), ("url", "https://shop.example.com/cart"));
        await app.DoAsync(new Notify("CART_ABANDONED", "cart-1", null, ["olga"], Data: cart));
        app.AssertNothingElseSent();
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("You left something in your cart", app.AssertSent("CART_ABANDONED", to: "olga@example.com", channel: "email").Subject);
        app.AssertNothingElseSent();
    }

    private static Dictionary<string, JsonElement> Data(params (string Name, string Value)[] values) =>
        values.ToDictionary(value => value.Name, value => JsonSerializer.SerializeToElement(value.Value));
}
