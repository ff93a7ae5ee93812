using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reminders.Commands;
using Reminders.Explain;
using Reminders.Lists;

namespace Reminders.Web.Console.Reads;

/// <summary>
/// A process needs more than a second for its first queries through EF Core, nearly all of it compiling. They are made when the first page
/// is asked for, so that whoever reads that page does not wait for them with the next.
/// </summary>
internal sealed partial class FirstQueries(IServiceScopeFactory scopes, ConsoleDatabase database, ILogger<FirstQueries> logger)
{
    private int _begun;

    public void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _ = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            await database.ReadAsync(
                services.GetRequiredService<CommandTransaction>(),
                async () =>
                {
                    // As the pages will ask: a list, and whatever is newest in it with all that happened to it.
                    var list = await services.GetRequiredService<MessageList>().ReadAsync(new(Size: "1"), CancellationToken.None);
                    if (list is Outcome<ListPage<ListedMessage>>.Done { Value.Items: [var newest] })
                    {
                        await services.GetRequiredService<MessageReader>().FindAsync(newest.Id, CancellationToken.None);
                        await services
                            .GetRequiredService<SubjectLedger>()
                            .ReadAsync(newest.SubjectType, newest.SubjectKey, after: null, CancellationToken.None);
                    }

                    return list;
                },
                CancellationToken.None
            );
        }
        catch (Exception exception)
        {
            // Nobody waits for it: whoever asks next is told what is the matter.
            LogLeft(exception);
        }
    }

    [LoggerMessage(8110, LogLevel.Debug, "The first queries were not made ahead")]
    private partial void LogLeft(Exception exception);
}
