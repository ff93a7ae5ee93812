// What an app that has only the packages does: the engine and its API with a channel of its own, and a test with the test host.
// Not compiled here: Consumers copies it to a folder far from this checkout.
using System.Text.Json;
using Reminders;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Email;
using Reminders.People;
using Reminders.Telegram;
using Reminders.Testing;
using Reminders.Web;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.Configuration.AddInMemoryCollection([
    new("Reminders:Kinds:HELLO:Subject", "customer"),
    new("Reminders:Kinds:HELLO:Identity", "Once"),
    new("Reminders:Kinds:HELLO:Channels:0", "paper"),
    new("Reminders:Kinds:HELLO:Data:customer", "text"),
    new("Reminders:Kinds:HELLO:Templates:en:text", "Welcome, {customer}!"),
]);
builder
    .Services.AddReminders(builder.Configuration)
    .AddEmail()
    .AddSender<Paper>(new ChannelTraits("paper") { Capacity = new(200, 200, InUtf16: true) });
var app = builder.Build();
app.MapReminders();
await app.StartAsync();

var engine = app.Services.GetRequiredService<IReminders>();
await engine.SendAsync(new KeepRecipients([new("olga", "Olga", Addresses: new Dictionary<string, string> { ["paper"] = "shelf 7" })]));
var data = new Dictionary<string, JsonElement> { ["customer"] = JsonSerializer.SerializeToElement("Example Ltd") };
for (var i = 0; i < 2; i++)
{
    var asked = await engine.NotifyAsync(new("HELLO", "customer-11", Recipients: ["olga"], Data: data));
    Console.WriteLine($"planned: {asked.Planned}, suppressed: {asked.Suppressed}");
}

Console.WriteLine($"sent: {await Paper.First.Task.WaitAsync(TimeSpan.FromSeconds(60))}");
using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
Console.WriteLine(
    $"openapi: {JsonDocument.Parse(await http.GetStringAsync("/reminders/openapi/v1.json")).RootElement.GetProperty("openapi")}"
);
Console.WriteLine($"health: {(int)(await http.GetAsync("/reminders/health/ready")).StatusCode}");
await app.StopAsync();
Console.WriteLine($"papers: {Paper.Count}");

// The shipped kinds, where no kinds.json lies beside the program.
await using var test = await ReminderTestHost.StartAsync(b => b.Services.AddReminders(b.Configuration).AddTelegram());
var slot = new CreateBooking("Engineer", test.Now.AddHours(24), new("Anna", TelegramChatId: 1), new("Rita", TelegramChatId: 2));
await test.DoAsync(new ApproveBooking((await test.DoAsync(slot)).Id));
await test.AdvanceAsync(TimeSpan.FromHours(22));
Console.WriteLine($"test host: {test.AssertSent("CONFIRM_2H", to: "Anna").Kind}");

internal sealed class Paper : ISender
{
    private static int _count;

    public static TaskCompletionSource<string> First { get; } = new();

    public static int Count => _count;

    public string Channel => "paper";

    public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        First.TrySetResult($"{delivery.Text} to {delivery.Address}");
        return Task.FromResult<SendResult>(new SendResult.Sent("1"));
    }
}
