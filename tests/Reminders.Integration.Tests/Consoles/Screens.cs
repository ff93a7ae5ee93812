using Microsoft.Playwright;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>Pictures of whole pages, left in <c>.local/screens</c> for somebody to look at.</summary>
internal static class Screens
{
    // A PNG takes more to write than the page to draw: EveryPage would need a fifth more.
    public static Task KeepAsync(IPage page, string name) =>
        page.ScreenshotAsync(
            new()
            {
                Path = Repository.PathOf(".local", "screens", $"{name}.jpeg"),
                FullPage = true,
                Type = ScreenshotType.Jpeg,
                Quality = 90,
            }
        );
}
