using Microsoft.Playwright;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>Debian's chromium, one for a class of tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // Debian's that shows nothing, or all of it: that starts a window nobody sees, for a third more. Then what a developer may have.
    private static readonly string[] Paths =
    [
        "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        // Five seconds are not many where other tests run beside it.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath =
                    Paths.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("chromium is missing: ./dev test installs it."),
                Args = ["--no-sandbox", "--disable-dev-shm-usage"],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    internal Task<IBrowserContext> OpenAsync(Look look, bool scripts = true) =>
        _browser!.NewContextAsync(
            new()
            {
                Locale = look.Language,
                ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
                ViewportSize = look.IsPhone ? new() { Width = 360, Height = 740 } : new() { Width = 1280, Height = 800 },
                JavaScriptEnabled = scripts,
                TimezoneId = "Europe/Moscow",
            }
        );
}

/// <summary>How somebody looks at a page.</summary>
public sealed record Look(string Language, bool IsDark, bool IsPhone)
{
    /// <summary>Whether axe judges it: light at a desk and dark on a phone are all colours, sizes and languages that there are.</summary>
    public bool IsJudged => IsDark == IsPhone;

    public override string ToString() => $"{Language}-{(IsDark ? "dark" : "light")}-{(IsPhone ? "phone" : "desktop")}";
}
