using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Cli;

/// <summary>
/// The engine's commands without its loops: nothing here fires, sends or polls, so an operator's word from any machine does
/// what it says and no more. Nodes that run see what was written, at their next look at the latest.
/// </summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Engine(ServiceProvider services) => _services = services;

    /// <summary>Opened, and whether what stands before the database is what the settings say.</summary>
    public static async Task<Engine> OpenAsync(CancellationToken cancellationToken)
    {
        var engine = Open(ProgramSettings.Load());
        try
        {
            await engine.Get<PoolingCheck>().RunAsync(cancellationToken);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    private static Engine Open(IConfiguration configuration)
    {
        // Warnings of the driver concern nobody here: a failing command says so itself.
        var collection = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        collection.AddEngine(configuration, AllChannels.Add);
        return new(collection.BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>In which refusals are printed: those of the one who typed what this process runs.</summary>
    public static Wording Words { get; set; } = Wording.Brief;

    /// <summary>Who is logged in here, as the ledger and the audit name them.</summary>
    public static string UserName => $"cli:{Environment.UserName}";

    /// <summary>Runs one command, on behalf of whoever is logged in here: whoever has the database may do all.</summary>
    /// <param name="owner">Whose object is meant, or whose a new one is to be. Null: the installation's, then the only one of that
    /// name.</param>
    public async Task<T> SendAsync<T>(IRequest<T> request, CancellationToken cancellationToken, string? owner = null)
    {
        await using var scope = _services.CreateAsyncScope();
        ActFor(scope, owner);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, cancellationToken);
    }

    public async Task<TResult> WithAsync<TService, TResult>(Func<TService, Task<TResult>> use, string? owner = null)
        where TService : notnull
    {
        await using var scope = _services.CreateAsyncScope();
        ActFor(scope, owner);
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static void ActFor(AsyncServiceScope scope, string? owner)
    {
        var caller = scope.ServiceProvider.GetRequiredService<Caller>();
        caller.Name = UserName;
        if (owner is not null)
        {
            (caller.Owner, caller.SeesAll) = (owner, false);
        }
    }

    /// <summary>Opens it for one command, runs that, and prints what was done by <paramref name="show"/>.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync<T>(
        IRequest<Outcome<T>> request,
        Func<Outcome<T>.Done, string> show,
        CancellationToken cancellationToken
    )
    {
        await using var engine = await OpenAsync(cancellationToken);
        return await ReportAsync(await engine.SendAsync(request, cancellationToken), show);
    }

    /// <summary>Prints a refusal on standard error, or what was done by <paramref name="show"/>.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReportAsync<T>(Outcome<T> outcome, Func<Outcome<T>.Done, string> show)
    {
        switch (outcome)
        {
            case Outcome<T>.Done done:
                await Console.Out.WriteLineAsync(Printing.Lines(show(done)));
                return 0;
            case Outcome<T>.Invalid invalid:
                foreach (var error in invalid.In(Words).Values.SelectMany(errors => errors))
                {
                    await Console.Error.WriteLineAsync(Printing.OneLine(error));
                }

                return 1;
            case Outcome<T>.NotFound notFound:
                await Console.Error.WriteLineAsync(Printing.OneLine(Words.Reason(notFound.Why)!));
                return 1;
            case Outcome<T>.Conflict conflict:
                await Console.Error.WriteLineAsync(Printing.OneLine(Words.Reason(conflict.Why)!));
                return 1;
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome.");
        }
    }
}
