// What an app that has only the packages does: the engine and its API with a channel of its own, and a test with the test host.
// Not compiled here: Consumers copies it to a folder far from this checkout.
using System.Text.Json;
using MediatR;
using Reminders;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Email;
using Reminders.Notifications;
using Reminders.People;
using Reminders.Telegram;
using Reminders.Testing;
using Reminders.Web;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Configuration.AddInMemoryCollection([
    new("Kinds:HELLO:Subject", "customer"),
    new("Kinds:HELLO:Identity", "Once"),
    new("Kinds:HELLO:Channels:0", "paper"),
    new("Kinds:HELLO:Data:customer", "text"),
    new("Kinds:HELLO:Templates:en:text", "Welcome, {customer}!"),
]);
builder.Services.AddReminders(
    builder.Configuration,
    channels => channels.AddEmail().AddSender<Paper>(new ChannelTraits("paper") { Capacity = new(200, 200, InUtf16: true) })
);
builder.Services.AddRemindersWeb(builder.Configuration);
var app = builder.Build();
app.MapReminders();
await app.StartAsync();

await using (var scope = app.Services.CreateAsyncScope())
{
    var engine = scope.ServiceProvider.GetRequiredService<IMediator>();
    var people = new KeepRecipients([new("olga", "Olga", Addresses: new Dictionary<string, string> { ["paper"] = "shelf 7" })]);
    Say("kept", await engine.Send(people));
    var data = new Dictionary<string, JsonElement> { ["customer"] = JsonSerializer.SerializeToElement("Example Ltd") };
    for (var i = 0; i < 2; i++)
    {
        Say("asked", await engine.Send(new Notify("HELLO", "customer-11", Recipients: ["olga"], Data: data)));
    }
}

Console.WriteLine($"sent: {await Paper.First.Task.WaitAsync(TimeSpan.FromSeconds(60))}");
using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
Console.WriteLine($"openapi: {JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("openapi")}");
Console.WriteLine($"health: {(int)(await http.GetAsync("/health/ready")).StatusCode}");
await app.StopAsync();
Console.WriteLine($"papers: {Paper.Count}");

// The shipped kinds, where no kinds.json lies beside the program.
await using var test = await ReminderTestHost.StartAsync(b => b.Services.AddReminders(b.Configuration, c => c.AddTelegram()));
var slot = new CreateBooking("Engineer", test.Now.AddHours(24), new("Anna", TelegramChatId: 1), new("Rita", TelegramChatId: 2));
await test.DoAsync(new ApproveBooking((await test.DoAsync(slot)).Id));
await test.AdvanceAsync(TimeSpan.FromHours(22));
Console.WriteLine($"test host: {test.AssertSent("CONFIRM_2H", to: "Anna").Kind}");

static void Say<T>(string what, Outcome<T> outcome) => Console.WriteLine($"{what}: {outcome.GetType().Name}");

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
