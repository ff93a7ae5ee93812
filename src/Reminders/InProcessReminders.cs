using System.Data;
using System.Data.Common;
using System.Transactions;
using MediatR;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Apps;
using Reminders.Commands;
using Reminders.Explain;
using Reminders.Hosting;
using Reminders.Inbound;
using Reminders.Lists;
using Reminders.Notifications;
using Reminders.Words;

namespace Reminders;

/// <summary>Runs the engine's commands in the engine's container, each in a scope of its own, and in the app's transaction if there is
/// one.</summary>
internal sealed record InProcessReminders(RemindersEngine Engine) : IReminders
{
    private NpgsqlConnection? Connection { get; init; }
    private NpgsqlTransaction? Transaction { get; init; }
    private string Name { get; init; } = "app";
    private string Owner { get; init; } = "";

    public IReminders Within(DbTransaction transaction) =>
        transaction is not NpgsqlTransaction given
            ? throw new ArgumentException($"It is a {transaction.GetType()}: it should be Npgsql's.", nameof(transaction))
            : this with
            {
                Transaction = given,
                Connection = given.Connection ?? throw new ArgumentException("The transaction is over.", nameof(transaction)),
            };

    public IReminders Within(IDbContextTransaction transaction) => Within(transaction.GetDbTransaction());

    public IReminders Within(DbConnection connection) =>
        connection is not NpgsqlConnection given
            ? throw new ArgumentException($"It is a {connection.GetType()}: it should be Npgsql's.", nameof(connection))
        : given.State != ConnectionState.Open ? throw new ArgumentException("The connection is not open.", nameof(connection))
        : this with { Transaction = null, Connection = given };

    public IReminders By(string name, string owner = "") => this with { Name = name, Owner = owner };

    public Task<SubjectApplied> ApplyAsync(Subject subject, CancellationToken cancellationToken = default) =>
        SendAsync(new ApplySubject(subject), cancellationToken);

    public Task<NotifyResult> NotifyAsync(Notify notification, CancellationToken cancellationToken = default) =>
        SendAsync(notification, cancellationToken);

    public Task<CancelResult> CancelAsync(string type, string key, CancellationToken cancellationToken = default) =>
        SendAsync(new CancelNotifications(type, key), cancellationToken);

    public Task<SubjectAnswered> RecordAnswerAsync(RecordSubjectAnswer answer, CancellationToken cancellationToken = default) =>
        SendAsync(answer, cancellationToken);

    public async Task<SubjectStory?> ExplainAsync(string type, string key, CancellationToken cancellationToken = default)
    {
        await using var scope = Scope();
        return await OutsideAsync(() =>
            scope.ServiceProvider.GetRequiredService<Explainer>().ExplainAsync(type, key, Wording.English, cancellationToken)
        );
    }

    public async Task<ListPage<ListedMessage>> ListAsync(ListRequest request, CancellationToken cancellationToken = default)
    {
        await using var scope = Scope();
        return Done(
            await OutsideAsync(() => scope.ServiceProvider.GetRequiredService<MessageList>().ReadAsync(request, cancellationToken))
        );
    }

    public async Task<T> SendAsync<T>(ICommand<Outcome<T>> command, CancellationToken cancellationToken = default)
    {
        await using var scope = Scope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        if (Connection is not { } connection)
        {
            return System.Transactions.Transaction.Current is null
                ? Done(await mediator.Send(command, cancellationToken))
                : throw new InvalidOperationException(
                    "A TransactionScope is open here, and this would commit without it: say Within(connection) first, with a connection "
                        + "that is part of it."
                );
        }

        try
        {
            return await scope
                .ServiceProvider.GetRequiredService<CommandTransaction>()
                .JoinAsync(connection, Transaction, async () => Done(await mediator.Send(command, cancellationToken)), cancellationToken);
        }
        catch (PostgresException missing)
            when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new InvalidOperationException(
                $"The transaction is on the database '{connection.Database}' at {connection.Host}, which has not the engine's tables. The "
                    + "app's change and what is told of it can only be one transaction in one database.",
                missing
            );
        }
    }

    private AsyncServiceScope Scope()
    {
        var scope = Engine.Services.CreateAsyncScope();
        var caller = scope.ServiceProvider.GetRequiredService<Caller>();
        caller.Name = Name;
        (caller.Owner, caller.SeesAll) = (Owner, Owner.Length == 0);
        return scope;
    }

    /// <summary>A look has connections of its own, which take no part in what the app has open.</summary>
    private static async Task<T> OutsideAsync<T>(Func<Task<T>> look)
    {
        using var none = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await look();
    }

    private static T Done<T>(Outcome<T> outcome) =>
        outcome switch
        {
            Outcome<T>.Done done => done.Value,
            Outcome<T>.Invalid invalid => throw new RemindersRefusedException(
                string.Join(' ', invalid.Errors.SelectMany(field => field.Value)),
                invalid.Errors
            ),
            Outcome<T>.NotFound notFound => throw new RemindersRefusedException(notFound.What),
            Outcome<T>.Conflict conflict => throw new RemindersRefusedException(conflict.Reason),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
        };
}
