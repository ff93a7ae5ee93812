using Microsoft.AspNetCore.Http;
namespace Reminders.Sandbox.Telegram;
internal sealed class ControlEndpoint(TelegramSimulator simulator)
{
    public Task HandleAsync(HttpContext http) => SimulatorServer.WriteAsync(http, 200, "text/plain", System.Text.Encoding.UTF8.GetBytes(simulator.Token));
}
