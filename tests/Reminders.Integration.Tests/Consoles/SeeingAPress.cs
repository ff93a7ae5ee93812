using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;
using Reminders.Integration.Tests.Web;
using Reminders.Lab.Telegram;
using Reminders.Web.Console;
using Reminders.Web.Console.Live;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>A press that one node hears of is on the page that is open at the other: by its stream, and while nobody polls anything.</summary>
public sealed class SeeingAPress(Postgres postgres, Chromium chromium) : IClassFixture<Chromium>
{
    private const int Presses = 5;
    private const long FirstChat = 2001;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    // Each stream that the page begins, and each thing it hears of it.
    private const string Listening = """
        window.heard = [];
        const Stream = window.EventSource;
        window.EventSource = class extends Stream {
            constructor(address) {
                super(address);
                this.addEventListener("changed", () => window.heard.push(Date.now()));
            }
        };
        """;

    private const string Watching = """
        () => {
            window.seen = {};
            const look = () => {
                for (const row of document.querySelectorAll("main tr[id]")) {
                    if (row.querySelector(".mark")?.textContent.trim() === "Confirmed") window.seen[row.id] ??= Date.now();
                }
            };
            new MutationObserver(look).observe(document.getElementById("main"), { subtree: true, childList: true, characterData: true });
        }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_press_on_one_node_is_on_a_page_of_the_other_by_its_stream_and_without_a_reload()
    {
        await using var telegram = await TelegramSimulator.StartAsync(new());
        var (at, other) = (FreeAddress(), FreeAddress());
        await using var first = await WebNode.StartAsync(postgres, Map, Settings(telegram, at, other));
        await using var second = await first.StartAnotherAsync(Map, Settings(telegram, other, other));
        var bookings = new List<(string Id, long Chat, long Message)>();
        telegram.AddChat(9001);
        for (var chat = FirstChat; chat < FirstChat + Presses; chat++)
        {
            telegram.AddChat(chat);
            var made = await first.PostAsync("/api/bookings", WebNode.Booking($"Anna {chat}", chat, TimeSpan.FromHours(1)));
            var id = (string)made.Json["id"]!;
            Assert.Equal(200, (await first.PostAsync($"/api/bookings/{id}/approve")).Status);
            var to = chat;
            await telegram.Record.WaitForAsync(record => record.MessagesTo(to).Count == 1, Patience, Stop);
            bookings.Add((id, chat, telegram.Record.MessagesTo(chat)[0].MessageId));
        }

        await using var context = await chromium.OpenAsync(new("en", false, false));
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{at}/console/join?code={await ConsoleNodes.InviteAsync(first, ConsoleRole.Operator)}");
        await page.FillAsync("#login", "olga-sees");
        await page.FillAsync("#password", ConsoleNodes.Password);
        await page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(page).ToHaveURLAsync($"{at}/console/overview");
        await page.AddInitScriptAsync(Listening);
        await page.GotoAsync($"{at}/console/day?view=week");
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await page.EvaluateAsync(Watching);
        // What looks every two seconds would show it as well, only later: from here on nobody looks.
        foreach (var node in (WebNode[])[first, second])
        {
            await node.Engine.GetServices<IHostedService>().OfType<LiveHub>().Single().StopAsync(Stop);
        }

        var took = new List<long>();
        foreach (var (id, chat, message) in bookings)
        {
            var pressed = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            telegram.PressButton(chat, message, 0);
            await Assertions.Expect(page.Locator($"#booking-{id} .mark")).ToHaveTextAsync("Confirmed");
            var seen = await page.EvaluateAsync<long>($"window.seen['booking-{id}']");
            Assert.True(
                await page.EvaluateAsync<bool>($"window.heard.some(at => at >= {pressed} && at <= {seen})"),
                "It was on the page before the stream said that anything had changed."
            );
            took.Add(seen - pressed);
        }

        // A page that had been loaded once more would watch nothing.
        Assert.Equal(Presses, await page.EvaluateAsync<int>("Object.keys(window.seen).length"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"From the press to the other node's page: {string.Join(", ", took)} ms.")
        );
    }

    private static void Map(WebApplication app) => app.MapRemindersConsole("/console", map => map.OwnAccounts = true);

    /// <param name="hook">Where Telegram tells presses.</param>
    private static (string, string?)[] Settings(TelegramSimulator telegram, string at, string hook) =>
        [
            ("TestUrl", at),
            ("Telegram:ApiBaseUrl", telegram.BaseAddress.ToString()),
            ("Telegram:BotToken", telegram.Token),
            ("Telegram:WebhookUrl", $"{hook}/telegram/webhook"),
        ];

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
