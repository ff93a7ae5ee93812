using Microsoft.Extensions.Hosting;
using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>
/// The first hosted service of a node: nothing else starts before the schema is there, or on one that this build must not
/// work with. Where others migrate, a schema that is not there yet only keeps the node from being ready.
/// </summary>
internal sealed class MigrateAtStart(Migrator migrator, RemindersOptions options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        options.MigrateAtStart ? migrator.MigrateAsync(cancellationToken) : migrator.RefuseForeignAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
