using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Channels;
using Samples.Shop;

namespace Reminders.Testing.Tests;

/// <summary>samples/Shop: who left a cart hears of it once, and of what is in it then (incident 2).</summary>
public sealed class ShopSample : IAsyncLifetime
{
    private static readonly Cart Lamp = new("anna", [new("a lamp", 1, 1199.5m), new("bulb", 2, 4m)]);
    private static readonly Cart Chair = new("anna", [new("a chair", 1, 80m)]);

    private ReminderTestHost _node = null!;
    private ReminderTestHost _other = null!;
    private NpgsqlDataSource _database = null!;
    private Carts _carts = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await ReminderTestHost.StartAsync(Configure, new() { Now = HiringApp.Monday });
        _other = await _node.StartAnotherAsync(Configure);
        _database = NpgsqlDataSource.Create(_node.ConnectionString);
        _carts = CartsOf(_node);
        await _carts.CreateTablesAsync(Stop);
        await _carts.KeepAsync("anna", "Anna", "anna@example.com", "en", Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _other.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Saved_by_two_processes_at_once_a_cart_is_one_mail_an_hour_later_with_its_value()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => (n % 2 == 0 ? _carts : CartsOf(_other)).SaveAsync(Lamp, Stop)));
        await _node.AdvanceAsync(TimeSpan.FromMinutes(59));
        _node.AssertNothingElseSent();
        await _node.AdvanceAsync(TimeSpan.FromMinutes(2));

        var mail = _node.AssertSent("CART_LEFT", to: "anna", channel: "email");
        Assert.Equal("You left 1,207.50 € in your cart", mail.Subject);
        Assert.Contains("a lamp, 2 × bulb, 1,207.50 € in all", mail.Text, StringComparison.Ordinal);
        _node.AssertNothingElseSent();
    }

    [Fact]
    public async Task The_same_cart_is_told_again_only_after_a_day_in_whichever_order_its_things_are()
    {
        await LeaveAsync(Lamp);
        _node.AssertSent("CART_LEFT");
        await _node.AdvanceAsync(TimeSpan.FromHours(20));
        await LeaveAsync(Lamp with { Items = [.. Lamp.Items.Reverse()] });
        _node.AssertNothingElseSent();
        await _node.AdvanceAsync(TimeSpan.FromHours(3));
        await LeaveAsync(Lamp);
        _node.AssertSent("CART_LEFT");
    }

    [Fact]
    public async Task A_changed_cart_is_told_within_the_day_and_only_as_it_is_now()
    {
        await LeaveAsync(Lamp);
        _node.AssertSent("CART_LEFT");
        await _carts.SaveAsync(Chair, Stop);
        await _node.AdvanceAsync(TimeSpan.FromMinutes(30));
        await LeaveAsync(new("anna", [.. Chair.Items, new("a table", 1, 200m)]));
        Assert.Contains("280.00 €", _node.AssertSent("CART_LEFT").Text, StringComparison.Ordinal);
        // Back to what it was half an hour ago, which nobody was told of.
        await LeaveAsync(Chair);
        Assert.Contains("a chair, 80.00 €", _node.AssertSent("CART_LEFT").Text, StringComparison.Ordinal);
        _node.AssertNothingElseSent();
    }

    [Fact]
    public async Task Bought_or_emptied_it_is_not_told_and_filled_again_it_is()
    {
        await _carts.BuyAsync("anna", Stop);
        await _carts.SaveAsync(Lamp, Stop);
        await _carts.BuyAsync("anna", Stop);
        await _node.AdvanceAsync(TimeSpan.FromHours(2));
        _node.AssertNothingElseSent();
        await LeaveAsync(Lamp);
        _node.AssertSent("CART_LEFT");
    }

    [Fact]
    public async Task A_mail_that_failed_for_certain_is_sent_again_and_one_in_doubt_is_not()
    {
        _node.NextSend("anna", new SendResult.NotDelivered("refused"));
        await LeaveAsync(Lamp);
        _node.AssertSent("CART_LEFT");
        _node.NextSend("anna", new SendResult.Uncertain("the connection broke behind the dot"));
        await LeaveAsync(Chair);
        await _node.AdvanceAsync(TimeSpan.FromHours(12));
        _node.AssertNothingElseSent();
    }

    [Fact]
    public async Task Its_value_is_written_as_the_reader_writes_numbers()
    {
        await _carts.KeepAsync("anna", "Anna", "anna@example.com", "de", Stop);
        await LeaveAsync(Lamp);
        Assert.Equal("In Ihrem Warenkorb liegen noch 1.207,50 €", _node.AssertSent("CART_LEFT").Subject);
    }

    private async Task LeaveAsync(Cart cart)
    {
        await _carts.SaveAsync(cart, Stop);
        await _node.AdvanceAsync(TimeSpan.FromMinutes(61));
    }

    private Carts CartsOf(ReminderTestHost node) => new(_database, node.Services.GetRequiredService<IReminders>());

    private static void Configure(Microsoft.Extensions.Hosting.IHostApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection([new("Shop:Database", "Host=production.invalid;Database=shop")]);
        builder.AddShopReminders();
    }
}
