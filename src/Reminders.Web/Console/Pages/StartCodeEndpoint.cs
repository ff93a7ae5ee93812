using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using QRCoder;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

/// <summary>A booking's start link as a picture to be scanned, from the screen of whoever has the candidate before them.</summary>
internal static class StartCodeEndpoint
{
    public static void MapStartCode(this IEndpointRouteBuilder app) => app.MapGet("/bookings/{id:guid}/start.svg", ShowAsync);

    private static Task<IResult> ShowAsync(
        Guid id,
        HttpContext http,
        ConsoleDatabase database,
        CommandTransaction transaction,
        BookingReader bookings
    ) =>
        database.ReadAsync(
            transaction,
            async () =>
                await bookings.FindAsync(id, http.RequestAborted) is { Candidate: { TelegramChatId: null, StartLink: { } link } }
                    ? Results.Text(Draw(link.ToString()), "image/svg+xml", Encoding.UTF8)
                    : Results.NotFound(),
            http.RequestAborted
        );

    /// <summary>Black on white whatever the colours of the page: scanners want it so.</summary>
    internal static string Draw(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        // It comes with a margin of its own.
        var (path, size) = (new StringBuilder(), rows.Count);
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                if (rows[y][x])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\"><path "
                + $"fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\"{path}\"/></svg>"
        );
    }
}
