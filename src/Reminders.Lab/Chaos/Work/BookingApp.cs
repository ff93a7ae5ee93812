using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Bookings;
using Reminders.Commands;

namespace Reminders.Lab.Chaos.Work;

/// <summary>
/// The application that books: sends the engine's commands and, when an outage leaves it without an answer, sends the same
/// again until it has one. Creating carries an idempotency key; the other commands may be repeated by their nature.
/// </summary>
internal sealed class BookingApp(IServiceScopeFactory scopes, History history, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public Task<BookingView?> CreateAsync(CreateBooking command, CancellationToken cancellationToken) =>
        AskAsync(command, $"create {command.Title}", cancellationToken);

    public Task<BookingView?> AskAsync(ICommand<Outcome<BookingView>> command, CancellationToken cancellationToken) =>
        AskAsync(command, null, cancellationToken);

    /// <returns>The booking as it then is; null when the command was refused for how things stand.</returns>
    private async Task<BookingView?> AskAsync(ICommand<Outcome<BookingView>> command, string? key, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var wait = 50; ; wait = Math.Min(wait * 2, 1000))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var caller = scope.ServiceProvider.GetRequiredService<Caller>();
                (caller.Name, caller.IdempotencyKey) = ("chaos", key);
                switch (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken))
                {
                    case Outcome<BookingView>.Done done:
                        history.Add(done.Value);
                        return done.Value;
                    case Outcome<BookingView>.Conflict:
                        return null;
                    case var refused:
                        throw new InvalidDataException($"{command} was refused: {refused}");
                }
            }
            catch (Exception exception)
                when (!cancellationToken.IsCancellationRequested
                    && exception is not InvalidDataException and not IdempotencyKeyReusedException
                    && time.GetElapsedTime(began) < Patience
                )
            {
                history.CountRetry();
                await Task.Delay(wait, cancellationToken);
            }
        }
    }
}
